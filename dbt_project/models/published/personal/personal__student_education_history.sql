with history as (

    select * from {{ ref('stg_student_affairs__student_education_history') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    history.student_no,
    history.seq,
    history.start_month,
    history.end_month,
    history.school_name,
    history.school_place_label as school_place,
    history.role,
    history.witness,
    history.updated_at
from history
inner join person on history.student_no = person.number
