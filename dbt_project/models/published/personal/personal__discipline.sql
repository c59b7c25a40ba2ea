with decision as (

    select * from {{ ref('fct_discipline') }}

)

select
    decision.person_key,
    decision.student_no,
    decision.decision_no,
    decision.violation_type_label as violation_type,
    decision.violation_date,
    decision.punishment_label as punishment,
    decision.decided_date,
    decision.period_months,
    decision.term_ends_on,
    decision.revoked_date,
    decision.effect_state,
    decision.appeal_result,
    decision.updated_at
from decision
where decision.person_key is not null
