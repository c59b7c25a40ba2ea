with award as (

    select * from {{ ref('fct_award') }}
    where record_type = '科技成果'

)

select
    award.person_key,
    award.student_no,
    award.award_id,
    award.award_name,
    award.achievement_type_label as achievement_type,
    award.competition_level_label as competition_level,
    award.grade_label as grade,
    award.award_date,
    award.rank,
    award.team_size,
    award.updated_at
from award
where award.person_key is not null
