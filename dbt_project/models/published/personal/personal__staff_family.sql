with record as (

    select * from {{ ref('stg_form_staff_self_service__staff_family') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.marital_status_label as marital_status,
    record.spouse_name,
    record.spouse_employer,
    record.spouse_employment_status_label as spouse_employment_status,
    record.spouse_phone,
    record.is_consent_recorded,
    record.filled_in_at,
    record.updated_at
from record
inner join number on record.staff_no = number.number
where record.ended_at is null
