with source as (

    select * from {{ ref('stg_student_affairs__student_award') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.award_id,
    source.record_type,
    source.student_no,
    source.award_name,
    source.scholarship_type,
    source.grant_type,
    source.achievement_type,
    source.award_class,
    source.level,
    source.competition_level,
    source.grade,
    source.academic_year,
    source.amount,
    source.award_date,
    source.awarding_body,
    source.rank,
    source.team_size,
    source.notice_end_date,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
