with source as (

    select * from {{ ref('stg_tuition_collection__fee_payment') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.payment_no,
    source.bill_no,
    source.student_no,
    source.paid_at,
    source.amount,
    source.channel,
    source.invoice_no,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
