with cadre as (

    select * from {{ ref('stg_student_affairs__student_cadre') }}

),

person as (

    select person_key, number, valid_to from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    cadre.student_no,
    cadre.organization,
    cadre.post,
    cadre.post_level,
    cadre.start_date,
    cadre.end_date,
    cadre.start_date <= {{ as_of_date() }}
        and coalesce(cadre.end_date, person.valid_to, {{ open_end() }}) > {{ as_of_date() }} as is_current,
    cadre.appraisal,
    cadre.updated_at
from cadre
inner join person on cadre.student_no = person.number
