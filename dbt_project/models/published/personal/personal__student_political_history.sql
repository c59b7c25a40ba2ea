with step as (

    select * from {{ ref('stg_student_affairs__student_political_history') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    step.student_no,
    step.stage,
    step.political_affiliation_label as political_affiliation,
    step.stage_date,
    step.branch,
    step.introducer,
    step.updated_at
from step
inner join person on step.student_no = person.number
