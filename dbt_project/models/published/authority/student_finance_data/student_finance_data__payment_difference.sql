with fee as (

    select * from {{ ref('fct_fee') }}

),

history as (

    select * from {{ ref('int_people__student_history') }}
    where is_latest

)

select
    fee.person_key,
    fee.student_no,
    fee.bill_no,
    fee.academic_year,
    fee.fee_item,
    history.college_code,
    fee.paid_amount,
    fee.received_amount,
    cast(fee.received_amount - fee.paid_amount as decimal(14, 2)) as difference_amount
from fee
left join history on fee.student_no = history.student_no
where fee.received_amount <> fee.paid_amount
