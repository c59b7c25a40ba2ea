with payment as (

    select * from {{ ref('stg_finance_management__student_disbursement') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    payment.student_no,
    payment.payment_no,
    payment.payment_type,
    payment.source_ref,
    payment.amount,
    payment.paid_date,
    payment.status,
    payment.bank_card_tail,
    payment.updated_at
from payment
inner join person on payment.student_no = person.number
