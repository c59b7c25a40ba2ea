with source as (

    select * from {{ ref('stg_tuition_collection__fee_bill') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.bill_no,
    source.student_no,
    source.academic_year,
    source.fee_item,
    source.standard_amount,
    source.waiver_amount,
    source.deferred_until,
    source.adjustment,
    source.due_amount,
    source.paid_amount,
    source.fee_status,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
