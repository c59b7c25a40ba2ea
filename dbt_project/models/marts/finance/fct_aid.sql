-- A recognition of hardship holds for its academic year and pays nothing; a waiver lowers the bill and is paid to
-- nobody; a loan that was withdrawn is paid to nobody whatever date it bears.
with aid as (

    select * from {{ ref('stg_student_affairs__student_aid') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    aid.aid_id,
    aid.student_no,
    aid.record_type,
    aid.academic_year,
    aid.hardship_degree,
    aid.hardship_degree_label,
    aid.hardship_reason,
    aid.hardship_reason_label,
    aid.grant_type,
    aid.grant_type_label,
    aid.tier,
    aid.fund_source,
    aid.fund_source_label,
    aid.amount,
    aid.approved_date,
    case
        when aid.record_type = '困难认定'
            then {{ date_of("try_cast(split_part(aid.academic_year, '-', 2) as integer)", 9, 1) }}
    end as valid_to,
    aid.paid_date,
    coalesce(aid.loan_status = {{ withdrawn_loan() }}, false) as is_withdrawn,
    case
        when aid.record_type = '困难认定' or aid.grant_type = {{ fee_waiver() }} then null
        when aid.loan_status = {{ withdrawn_loan() }} then false
        else coalesce(aid.paid_date <= {{ as_of_date() }}, false)
    end as is_paid_out,
    aid.loan_bank,
    aid.loan_contract_no,
    aid.loan_status,
    aid.loan_status_label,
    aid.updated_at
from aid
left join person on aid.student_no = person.number
