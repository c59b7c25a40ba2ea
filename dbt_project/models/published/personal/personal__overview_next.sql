-- What is still open for a person. Which of it is near, late or far is for the page to say: it knows the day.
with staff as (

    select * from {{ ref('personal__staff') }}

),

contract as (

    select *, row_number() over (partition by person_key, staff_no order by end_date desc, contract_no desc) as place
    from {{ ref('personal__staff_contract') }}
    where end_date is not null

),

sitting as (

    select
        person_key,
        course_code,
        max(course_name) as course_name,
        max(term_code) as term_code,
        max(case when passed then 1 else 0 end) as was_passed
    from {{ ref('personal__course_grade') }}
    where passed is not null
    group by person_key, course_code

),

book as (

    select
        person_key, 'loan' as kind, loan_id as thing_no, title, due_date,
        cast(null as decimal(14, 2)) as amount, cast(null as string) as period, 'library_loan' as table_name
    from {{ ref('personal__library_loan') }}
    where returned_at is null

),

fee as (

    select
        person_key, 'fee' as kind, bill_no as thing_no, fee_item as title, deferred_until as due_date,
        outstanding_amount as amount, academic_year as period, 'fee_bill' as table_name
    from {{ ref('personal__fee_bill') }}
    where outstanding_amount > 0

),

contract_end as (

    select
        contract.person_key, 'contract' as kind, contract.contract_no as thing_no,
        contract.contract_type as title, contract.end_date as due_date,
        cast(null as decimal(14, 2)) as amount, cast(null as string) as period, 'staff_contract' as table_name
    from contract
    inner join staff on contract.person_key = staff.person_key and contract.staff_no = staff.staff_no
    where contract.place = 1 and contract.end_date >= {{ as_of_date() }} and staff.left_date is null

),

punishment as (

    select
        person_key, 'discipline' as kind, decision_no as thing_no, punishment as title, term_ends_on as due_date,
        cast(null as decimal(14, 2)) as amount, cast(null as string) as period, 'discipline' as table_name
    from {{ ref('personal__discipline') }}
    where revoked_date is null and term_ends_on is not null

),

notice as (

    select
        person_key, 'notice' as kind, award_id as thing_no, award_name as title, notice_end_date as due_date,
        amount, academic_year as period, 'scholarship' as table_name
    from {{ ref('personal__scholarship') }}
    where notice_end_date >= {{ as_of_date() }}

),

account as (

    select
        person_key, 'account' as kind, account as thing_no, account as title, expires_date as due_date,
        cast(null as decimal(14, 2)) as amount, cast(null as string) as period, 'network_account' as table_name
    from {{ ref('personal__network_account') }}
    where status = '正常' and ended_on is null and expires_date >= {{ as_of_date() }}

),

course as (

    select
        person_key, 'course' as kind, course_code as thing_no,
        coalesce(course_name, course_code) as title, cast(null as date) as due_date,
        cast(null as decimal(14, 2)) as amount, term_code as period, 'course_grade' as table_name
    from sitting
    where was_passed = 0

),

open_thing as (

    select * from book
    union all
    select * from fee
    union all
    select * from contract_end
    union all
    select * from punishment
    union all
    select * from notice
    union all
    select * from account
    union all
    select * from course

)

select
    person_key,
    kind,
    thing_no,
    title,
    due_date,
    cast(amount as decimal(14, 2)) as amount,
    period,
    table_name
from open_thing
