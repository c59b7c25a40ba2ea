with source as (

    select * from {{ ref('stg_student_affairs__student_discipline') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.decision_no,
    source.student_no,
    source.violation_type,
    source.violation_date,
    source.punishment,
    source.decided_date,
    source.period_months,
    source.revoked_date,
    source.appeal_result,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
