with award as (

    select * from {{ ref('stg_student_affairs__student_award') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    award.award_id,
    award.student_no,
    award.record_type,
    award.award_name,
    award.academic_year,
    award.scholarship_type,
    award.scholarship_type_label,
    award.grant_type,
    award.grant_type_label,
    award.achievement_type,
    award.achievement_type_label,
    award.award_class,
    award.award_class_label,
    award.level,
    award.level_label,
    award.competition_level,
    award.competition_level_label,
    award.grade,
    award.grade_label,
    award.awarding_body,
    award.amount,
    award.rank,
    award.team_size,
    award.award_date,
    award.notice_end_date,
    award.updated_at
from award
left join person on award.student_no = person.number
