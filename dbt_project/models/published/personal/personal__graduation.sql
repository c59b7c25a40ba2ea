with graduation as (

    select * from {{ ref('stg_academic_affairs__graduation_result') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    graduation.student_no,
    graduation.graduation_term,
    graduation.result,
    graduation.is_degree_awarded,
    graduation.degree_label as degree,
    graduation.gpa,
    graduation.total_credits,
    graduation.thesis_score,
    graduation.certificate_no,
    graduation.degree_certificate_no,
    graduation.updated_at
from graduation
inner join person on graduation.student_no = person.number
