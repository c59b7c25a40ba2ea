with course as (

    select * from {{ ref('stg_academic_affairs__course') }}

)

select
    course_code,
    course_name,
    unit_code,
    {{ label('course.course_category', 'course_category') }} as course_category_name,
    {{ label('course.course_nature', 'course_nature') }} as course_nature_name,
    credits,
    hours_total,
    is_core,
    ended_at is null as is_current
from course
