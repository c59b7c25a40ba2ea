-- Grain: check, period, level, unit. Two systems that should tell the same, side by side; `people` are those that
-- only one of them counts, or whose amounts differ. Two errors that cancel out still count.
with headcount as (

    select * from {{ ref('int_quality__headcount') }}

),

headcount_row as (

    {% for system in ['academic_affairs', 'tuition'] %}
    select
        'headcount_{{ system }}' as check_name,
        period,
        on_date,
        college_code,
        case when in_student_affairs then 1 else 0 end as expected,
        case when in_{{ system }} then 1 else 0 end as found,
        case when in_student_affairs <> in_{{ system }} then student_no end as behind,
        {{ var('headcount_tolerance') }} as tolerance
    from headcount
    where in_{{ system }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

fee as (

    select * from {{ ref('stg_tuition_collection__fee_bill') }}

),

received as (

    select bill_no, sum(amount) as amount
    from {{ ref('stg_tuition_collection__fee_payment') }}
    group by bill_no

),

history as (

    select * from {{ ref('int_people__student_history') }}
    where is_latest

),

payment_row as (

    select
        'bills_and_payments' as check_name,
        fee.academic_year as period,
        {{ as_of_date() }} as on_date,
        history.college_code,
        cast(fee.paid_amount as double) as expected,
        cast(coalesce(received.amount, 0) as double) as found,
        case when abs(fee.paid_amount - coalesce(received.amount, 0)) > 0.005 then fee.student_no end as behind,
        {{ var('payment_tolerance') }} as tolerance
    from fee
    left join received on fee.bill_no = received.bill_no
    left join history on fee.student_no = history.student_no

),

compared as (

    select check_name, period, on_date, college_code, expected, found, behind, tolerance from headcount_row
    union all
    select check_name, period, on_date, college_code, expected, found, behind, tolerance from payment_row

),

levels as (

    {{ student_levels('compared', ['school', 'college']) }}

)

select
    check_name,
    period,
    level,
    unit,
    on_date as as_of_date,
    sum(expected) as expected,
    sum(found) as found,
    sum(found) - sum(expected) as difference,
    count(distinct behind) as people,
    max(tolerance) as tolerance,
    case
        when check_name = 'bills_and_payments'
            then abs(sum(found) - sum(expected)) <= max(tolerance) * greatest(abs(sum(expected)), 1)
        else count(distinct behind) <= max(tolerance) * greatest(sum(expected), 1)
    end as is_within_tolerance
from levels
group by check_name, period, level, unit, on_date
