with record as (

    select * from {{ ref('stg_hr_management__staff_contract') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.contract_no,
    record.contract_type,
    record.start_date,
    record.end_date,
    record.renewal_no,
    record.updated_at
from record
inner join number on record.staff_no = number.number
