with payment as (

    select * from {{ ref('stg_tuition_collection__fee_payment') }}

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    student.person_key,
    payment.payment_no,
    payment.bill_no,
    payment.student_no,
    student.college_code,
    payment.paid_at,
    payment.amount,
    payment.channel,
    payment.invoice_no,
    payment.updated_at
from payment
left join student on payment.student_no = student.student_no
