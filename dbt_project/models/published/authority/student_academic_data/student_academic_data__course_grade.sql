with source as (

    select * from {{ ref('stg_academic_affairs__course_grade') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.class_no,
    source.course_code,
    source.term_code,
    source.exam_nature,
    source.exam_mode,
    source.usual_score,
    source.final_score,
    source.total_score,
    source.grade_label,
    source.grade_point,
    source.credits_earned,
    source.absent_cheat,
    source.passed,
    source.recorded_at,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
