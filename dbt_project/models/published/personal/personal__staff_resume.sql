with record as (

    select * from {{ ref('stg_hr_management__staff_resume') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.seq,
    record.kind,
    record.start_month,
    record.end_month,
    record.organization,
    record.role,
    record.updated_at
from record
inner join number on record.staff_no = number.number
