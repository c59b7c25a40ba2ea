with record as (

    select * from {{ ref('stg_finance_management__staff_reimbursement') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.document_no,
    record.kind,
    record.project_no,
    record.amount,
    record.submitted_date,
    record.paid_date,
    record.status,
    record.updated_at
from record
inner join number on record.staff_no = number.number
