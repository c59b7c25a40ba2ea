with registration as (

    select * from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    registration.exam_no,
    registration.student_no,
    registration.report_status,
    registration.reported_at,
    registration.no_show_reason,
    registration.is_green_channel,
    registration.transport,
    registration.companion_count,
    registration.updated_at
from registration
inner join person on registration.student_no = person.number
