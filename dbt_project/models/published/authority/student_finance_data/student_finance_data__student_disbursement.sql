with source as (

    select * from {{ ref('stg_finance_management__student_disbursement') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.payment_no,
    source.student_no,
    source.payment_type,
    source.source_ref,
    source.amount,
    source.paid_date,
    source.status,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
