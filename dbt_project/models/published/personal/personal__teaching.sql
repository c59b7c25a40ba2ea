with teacher as (

    select * from {{ ref('int_study__class_teacher') }}

),

class as (

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
    teacher.staff_no,
    class.term_code,
    class.class_no,
    class.course_code,
    course.course_name,
    course.credits,
    case when teacher.is_lead then '主讲' else '合讲' end as teacher_role,
    class.teaching_mode_label as teaching_mode,
    class.exam_form_label as exam_form,
    class.hours,
    class.enrolled,
    class.capacity,
    class.weekday,
    class.start_period,
    class.end_period,
    class.weeks,
    class.room_code,
    class.updated_at
from teacher
inner join class on teacher.class_no = class.class_no
inner join number on teacher.staff_no = number.number
left join course on class.course_code = course.course_code
