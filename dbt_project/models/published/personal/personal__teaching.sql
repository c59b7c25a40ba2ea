with class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('dim_course') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    class.term_code,
    class.class_no,
    class.course_code,
    course.course_name,
    course.credits,
    class.hours,
    class.enrolled,
    class.capacity,
    class.weekday,
    class.start_period,
    class.end_period,
    class.weeks,
    class.room_code
from class
inner join number on class.lead_staff_no = number.number
left join course on class.course_code = course.course_code
