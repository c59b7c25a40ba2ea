with fee as (

    select * from {{ ref('fct_fee') }}

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    fee.person_key,
    fee.bill_no,
    fee.student_no,
    student.college_code,
    fee.academic_year,
    fee.fee_item,
    fee.standard_amount,
    fee.waiver_amount,
    fee.due_amount,
    fee.paid_amount,
    fee.outstanding_amount,
    fee.fee_status,
    fee.deferred_until,
    fee.updated_at
from fee
left join student on fee.student_no = student.student_no
