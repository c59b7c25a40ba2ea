with record as (

    select * from {{ ref('stg_form_campus_hospital__staff_physical_exam') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.year,
    record.health_status_label as health_status,
    record.is_chronic_flag as has_chronic_care,
    record.updated_at
from record
inner join number on record.staff_no = number.number
