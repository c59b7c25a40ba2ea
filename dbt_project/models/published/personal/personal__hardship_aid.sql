with aid as (

    select * from {{ ref('fct_aid') }}
    where record_type in ('困难认定', '困难补助')

)

select
    aid.person_key,
    aid.student_no,
    aid.aid_id,
    aid.record_type,
    aid.hardship_degree_label as hardship_degree,
    aid.hardship_reason_label as hardship_reason,
    aid.grant_type_label as grant_type,
    aid.academic_year,
    aid.tier,
    aid.amount,
    aid.fund_source_label as fund_source,
    aid.approved_date,
    aid.valid_to,
    aid.paid_date,
    aid.is_paid_out,
    aid.updated_at
from aid
where aid.person_key is not null
