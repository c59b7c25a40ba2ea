with sitting as (

    select * from {{ ref('stg_student_affairs__student_certificate') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    sitting.student_no,
    sitting.exam_code,
    sitting.exam_date,
    sitting.score,
    sitting.grade,
    sitting.is_passed,
    sitting.certificate_no,
    sitting.updated_at
from sitting
inner join person on sitting.student_no = person.number
