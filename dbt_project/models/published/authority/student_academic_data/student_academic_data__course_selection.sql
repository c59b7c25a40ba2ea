with source as (

    select * from {{ ref('stg_academic_affairs__course_selection') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.class_no,
    source.course_attribute,
    source.selected_at,
    source.dropped_at,
    source.is_retake,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
