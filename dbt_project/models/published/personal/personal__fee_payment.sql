with payment as (

    select * from {{ ref('stg_tuition_collection__fee_payment') }}

),

fee as (

    select * from {{ ref('fct_fee') }}

)

select
    fee.person_key,
    payment.payment_no,
    payment.bill_no,
    fee.fee_item,
    fee.academic_year,
    payment.paid_at,
    payment.amount,
    payment.channel,
    payment.invoice_no,
    payment.updated_at
from payment
inner join fee on payment.bill_no = fee.bill_no
where fee.person_key is not null
