with record as (

    select * from {{ ref('stg_online_learning_space__online_course') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('dim_course') }}

)

select
    number.person_key,
    record.owner_staff_no as staff_no,
    record.online_course_no,
    record.term_code,
    record.class_no,
    course.course_name,
    record.course_kind,
    record.resource_count,
    record.video_minutes,
    record.enrolled,
    record.updated_at
from record
inner join number on record.owner_staff_no = number.number
left join class on record.class_no = class.class_no
left join course on class.course_code = course.course_code
