-- The term of a punishment (教育部令第41号 article 57) ends by itself only in so far as it may then be lifted: until
-- the school revokes it the punishment stands. Expulsion has no term and is never revoked.
with decision as (

    select * from {{ ref('stg_student_affairs__student_discipline') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

),

dated as (

    select
        person.person_key,
        decision.*,
        {{ add_months('decision.decided_date', 'decision.period_months') }} as term_ends_on
    from decision
    left join person on decision.student_no = person.number

)

select
    person_key,
    decision_no,
    student_no,
    violation_type,
    violation_type_label,
    violation_date,
    punishment,
    punishment_label,
    decided_date,
    period_months,
    term_ends_on,
    revoked_date,
    coalesce(revoked_date <= {{ as_of_date() }}, false) as is_revoked,
    case
        when revoked_date <= {{ as_of_date() }} then '已解除'
        when punishment = {{ expulsion() }} then '不解除'
        when term_ends_on <= {{ as_of_date() }} then '期满待解除'
        when term_ends_on > {{ as_of_date() }} then '处分期内'
    end as effect_state,
    appeal_result,
    updated_at
from dated
