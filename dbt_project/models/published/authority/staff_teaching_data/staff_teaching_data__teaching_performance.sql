with source as (

    select * from {{ ref('stg_academic_affairs__teaching_performance') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.academic_year,
    source.course_count,
    source.class_count,
    source.classroom_hours,
    source.practice_hours,
    source.workload_total,
    source.undergraduate_hours,
    source.thesis_students,
    source.teaching_projects,
    source.teaching_awards,
    source.teaching_accidents,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
