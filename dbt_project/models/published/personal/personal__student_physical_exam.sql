with exam as (

    select * from {{ ref('stg_form_campus_hospital__student_physical_exam') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    exam.student_no,
    exam.exam_date,
    exam.exam_kind,
    exam.health_status_label as health_status,
    exam.is_infectious_positive,
    exam.is_follow_up,
    exam.updated_at
from exam
inner join person on exam.student_no = person.number
