with alert as (

    select * from {{ ref('stg_student_mental_health__psych_alert') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    alert.student_no,
    alert.alert_id,
    alert.level_label as level,
    alert.opened_date,
    alert.closed_date,
    alert.outcome,
    alert.updated_at
from alert
inner join person on alert.student_no = person.number
