with fee as (

    select * from {{ ref('fct_fee') }}

)

select
    fee.person_key,
    fee.bill_no,
    fee.academic_year,
    fee.fee_item,
    fee.standard_amount,
    fee.waiver_amount,
    fee.due_amount,
    fee.paid_amount,
    fee.outstanding_amount,
    {{ label('fee.fee_status', 'fee_status') }} as fee_status,
    fee.deferred_until,
    {{ label('fee.adjustment', 'fee_adjustment') }} as adjustment,
    fee.updated_at
from fee
where fee.person_key is not null
