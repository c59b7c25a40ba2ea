with record as (

    select * from {{ ref('stg_form_labor_union__staff_welfare') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.record_no,
    record.benefit_type,
    record.benefit_date,
    record.amount,
    record.updated_at
from record
inner join number on record.staff_no = number.number
