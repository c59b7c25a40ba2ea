with source as (

    select * from {{ ref('stg_student_affairs__student_aid') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.aid_id,
    source.record_type,
    source.student_no,
    source.hardship_degree,
    source.hardship_reason,
    source.grant_type,
    source.academic_year,
    source.tier,
    source.amount,
    source.fund_source,
    source.approved_date,
    source.paid_date,
    source.loan_bank,
    source.loan_contract_no,
    source.loan_status,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
