with enrolment as (

    select * from {{ ref('fct_enrolment') }}

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('dim_course') }}

),

teacher as (

    select staff_no, name from {{ ref('stg_hr_management__staff_basic') }}

)

select
    enrolment.person_key,
    enrolment.term_code,
    enrolment.class_no,
    enrolment.course_code,
    course.course_name,
    enrolment.credits,
    teacher.name as teacher_name,
    {{ label('enrolment.course_attribute', 'course_attribute') }} as course_attribute,
    class.weekday,
    class.start_period,
    class.end_period,
    class.weeks,
    class.room_code,
    enrolment.is_retake,
    enrolment.selected_at,
    enrolment.dropped_at,
    enrolment.updated_at
from enrolment
left join class on enrolment.class_no = class.class_no
left join course on enrolment.course_code = course.course_code
left join teacher on class.lead_staff_no = teacher.staff_no
where enrolment.person_key is not null
