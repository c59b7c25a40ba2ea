-- Grain: indicator, period, level, unit. 学费收缴率 = paid ÷ (standard − waiver) × 100 over the tuition bills
-- of the academic year; null where nothing is due. A bill counts in the college the student was in at the
-- head-count of that year, else the last known one.
with bill as (

    select *, {{ date_of('substr(academic_year, 1, 4)', 9, 30) }} as census_day
    from {{ ref('stg_tuition_collection__fee_bill') }}
    where fee_item = '学费'

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

bill_row as (

    select
        bill.academic_year as period,
        case
            when {{ date_of('substr(bill.academic_year, 6, 4)', 8, 31) }} < {{ as_of_date() }}
                then {{ date_of('substr(bill.academic_year, 6, 4)', 8, 31) }}
            else {{ as_of_date() }}
        end as on_date,
        coalesce(then_in.college_code, last_in.college_code) as college_code,
        bill.student_no,
        bill.paid_amount,
        bill.standard_amount - coalesce(bill.waiver_amount, 0) as payable
    from bill
    left join history as then_in
        on bill.student_no = then_in.student_no
        and then_in.valid_from <= bill.census_day
        and (then_in.valid_to is null or then_in.valid_to > bill.census_day)
    left join history as last_in on bill.student_no = last_in.student_no and last_in.is_latest

),

levels as (

    {{ student_levels('bill_row', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        sum(paid_amount) as paid,
        sum(payable) as payable,
        count(distinct student_no) as students
    from levels
    group by period, on_date, level, unit, parent_unit

)

{{ indicator_row('tuition_collection_rate', 'paid', 'payable', ratio('paid', 'payable', 100), 'students') }}
from cells
