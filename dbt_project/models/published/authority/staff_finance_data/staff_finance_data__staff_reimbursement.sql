with source as (

    select * from {{ ref('stg_finance_management__staff_reimbursement') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.document_no,
    source.staff_no,
    source.kind,
    source.project_no,
    source.amount,
    source.submitted_date,
    source.paid_date,
    source.status,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
