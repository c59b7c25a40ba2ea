with record as (

    select * from {{ ref('stg_hr_management__staff_training') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.training_id,
    record.training_type,
    record.content,
    record.host,
    record.start_date,
    record.end_date,
    record.hours,
    record.is_enterprise_practice,
    record.updated_at
from record
inner join number on record.staff_no = number.number
