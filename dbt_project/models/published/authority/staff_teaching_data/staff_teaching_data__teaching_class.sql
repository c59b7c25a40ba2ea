with class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('dim_course') }}

),

unit as (

    select * from {{ ref('dim_organisation') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    class.class_no,
    class.term_code,
    class.course_code,
    course.course_name,
    course.credits,
    unit.college_code,
    class.lead_staff_no,
    class.other_staff_nos,
    class.teaching_mode,
    class.exam_form,
    class.hours,
    class.capacity,
    class.enrolled,
    class.room_code,
    class.weekday,
    class.start_period,
    class.end_period,
    class.weeks,
    class.updated_at
from class
left join course on class.course_code = course.course_code
left join unit on course.unit_code = unit.unit_code
left join number on class.lead_staff_no = number.number
