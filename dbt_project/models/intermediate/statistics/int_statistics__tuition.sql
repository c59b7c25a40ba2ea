-- Grain: indicator, period, level, unit. 学费收缴率 = paid ÷ (standard − waiver) × 100 over the tuition bills of the
-- academic year, and 欠费学生占比; null where nothing is due. A bill counts in the college, major and class the
-- student was in at the head-count of that year, else the last known ones. Nobody is in arrears before the last
-- day of a deferral is over, nor with a bill of which nothing is due.
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
        {{ academic_year_end('bill.academic_year') }} as on_date,
        coalesce(then_in.college_code, last_in.college_code) as college_code,
        coalesce(then_in.major_code, last_in.major_code) as major_code,
        coalesce(then_in.class_code, last_in.class_code) as class_code,
        bill.student_no,
        bill.paid_amount,
        bill.standard_amount - coalesce(bill.waiver_amount, 0) as payable,
        case when bill.fee_status <> '3' then bill.student_no end as payer,
        case
            when
                bill.fee_status in ('1', '4')
                and (
                    bill.deferred_until is null
                    or bill.deferred_until < {{ academic_year_end('bill.academic_year') }}
                )
                then bill.student_no
        end as debtor
    from bill
    left join history as then_in
        on bill.student_no = then_in.student_no
        and then_in.valid_from <= bill.census_day
        and coalesce(then_in.valid_to, {{ end_of_time() }}) > bill.census_day
    left join history as last_in on bill.student_no = last_in.student_no and last_in.is_latest

),

levels as (

    {{ student_levels('bill_row', ['school', 'college', 'major', 'class']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(paid_amount) as paid,
        sum(payable) as payable,
        count(distinct student_no) as students,
        count(distinct payer) as payers,
        count(distinct debtor) as debtors
    from levels
    group by period, on_date, level, unit

),

tuition_collection_rate as (

    {{ indicator_row('tuition_collection_rate', 'paid', 'payable', ratio('paid', 'payable', 100), 'students') }}
    from cells

),

arrears_student_share as (

    {{ indicator_row('arrears_student_share', 'debtors', 'payers', ratio('debtors', 'payers', 100),
        smallest_group('least(debtors, payers)', ['payers - debtors', 'students - payers'])) }}
    from cells

)

select * from tuition_collection_rate
union all
select * from arrears_student_share
