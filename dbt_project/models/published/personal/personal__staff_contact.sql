with record as (

    select * from {{ ref('stg_form_staff_self_service__staff_contact') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.office_phone,
    record.mobile_phone,
    record.home_phone,
    record.email,
    record.current_address,
    record.filled_in_at,
    record.updated_at
from record
inner join number on record.staff_no = number.number
where record.ended_at is null
