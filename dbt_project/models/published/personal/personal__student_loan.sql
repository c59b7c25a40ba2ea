with aid as (

    select * from {{ ref('fct_aid') }}
    where record_type = '贷款'

)

select
    aid.person_key,
    aid.student_no,
    aid.aid_id,
    aid.grant_type_label as grant_type,
    aid.academic_year,
    aid.amount,
    aid.approved_date,
    aid.paid_date,
    aid.is_paid_out,
    aid.loan_bank,
    aid.loan_contract_no,
    aid.loan_status_label as loan_status,
    aid.updated_at
from aid
where aid.person_key is not null
