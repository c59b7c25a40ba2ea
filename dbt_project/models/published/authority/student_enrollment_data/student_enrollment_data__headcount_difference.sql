with headcount as (

    select * from {{ ref('int_quality__headcount') }}

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    number.person_key,
    headcount.student_no,
    headcount.period,
    headcount.college_code,
    headcount.in_student_affairs,
    headcount.in_academic_affairs,
    headcount.in_tuition,
    headcount.on_date as as_of_date
from headcount
left join number on headcount.student_no = number.number
where
    headcount.in_academic_affairs <> headcount.in_student_affairs
    or headcount.in_tuition <> headcount.in_student_affairs
