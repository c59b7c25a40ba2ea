with award as (

    select * from {{ ref('fct_award') }}
    where record_type = '荣誉'

)

select
    award.person_key,
    award.student_no,
    award.award_id,
    award.award_name,
    award.award_class_label as award_class,
    award.level_label as level,
    award.grade_label as grade,
    award.academic_year,
    award.award_date,
    award.awarding_body,
    award.updated_at
from award
where award.person_key is not null
