with enrolment as (

    select * from {{ ref('fct_enrolment') }}

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    enrolment.person_key,
    enrolment.student_no,
    student.college_code,
    enrolment.class_no,
    enrolment.term_code,
    enrolment.course_code,
    enrolment.course_attribute,
    enrolment.is_retake,
    enrolment.selected_at,
    enrolment.dropped_at,
    enrolment.updated_at
from enrolment
left join student on enrolment.student_no = student.student_no
