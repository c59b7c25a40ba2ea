with bill as (

    select * from {{ ref('stg_tuition_collection__fee_bill') }}

),

payment as (

    select bill_no, count(*) as payment_count, sum(amount) as received_amount
    from {{ ref('stg_tuition_collection__fee_payment') }}
    group by bill_no

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    number.person_key,
    bill.bill_no,
    bill.student_no,
    bill.academic_year,
    bill.fee_item,
    bill.standard_amount,
    cast(coalesce(bill.waiver_amount, 0) as decimal(14, 2)) as waiver_amount,
    bill.due_amount,
    bill.paid_amount,
    cast(bill.due_amount - bill.paid_amount as decimal(14, 2)) as outstanding_amount,
    bill.fee_status,
    bill.deferred_until,
    bill.adjustment,
    cast(coalesce(payment.payment_count, 0) as integer) as payment_count,
    cast(coalesce(payment.received_amount, 0) as decimal(14, 2)) as received_amount,
    bill.updated_at
from bill
left join payment on bill.bill_no = payment.bill_no
left join number on bill.student_no = number.number
