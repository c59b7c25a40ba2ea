with step as (

    select * from {{ ref('stg_freshman_onboarding__onboarding_step') }}

),

registration as (

    select exam_no, student_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    step.exam_no,
    step.step_code,
    step.done_at,
    step.result,
    step.updated_at
from step
inner join registration on step.exam_no = registration.exam_no
inner join person on registration.student_no = person.number
