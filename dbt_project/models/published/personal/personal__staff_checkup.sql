with record as (

    select * from {{ ref('stg_form_labor_union__staff_checkup_plan') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.year,
    record.package,
    record.is_due,
    record.is_attended,
    record.attended_date,
    record.updated_at
from record
inner join number on record.staff_no = number.number
