with award as (

    select * from {{ ref('fct_award') }}
    where record_type = '奖学金'

)

select
    award.person_key,
    award.student_no,
    award.award_id,
    award.award_name,
    award.scholarship_type_label as scholarship_type,
    award.grant_type_label as grant_type,
    award.academic_year,
    award.amount,
    award.award_date,
    award.notice_end_date,
    award.updated_at
from award
where award.person_key is not null
