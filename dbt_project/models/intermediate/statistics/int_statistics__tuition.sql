-- Grain: indicator, period, level, unit. 学费收缴率 = paid ÷ (standard − waiver) × 100 over the tuition bills of the
-- academic year, 学费缓缴占比 = what is deferred and not paid yet ÷ the same, and 欠费学生占比; null where nothing is
-- due. A bill counts in the college, major and class the student was in at the head-count of that year, else the
-- last known ones. Nobody is in arrears before the last day of a deferral is over, nor with a bill of which
-- nothing is due.
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
        bill.fee_status,
        bill.fee_status in ('1', '4')
        and coalesce(bill.deferred_until >= {{ academic_year_end('bill.academic_year') }}, false) as is_deferred
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
        sum(case when is_deferred then payable - paid_amount else 0 end) as deferred,
        count(distinct student_no) as students,
        count(distinct case when is_deferred then student_no end) as deferring,
        count(distinct case when fee_status <> '3' then student_no end) as payers,
        count(distinct case when fee_status in ('1', '4') and not is_deferred then student_no end) as debtors
    from levels
    group by period, on_date, level, unit

),

tuition_collection_rate as (

    {{ indicator_row('tuition_collection_rate', 'paid', 'payable', ratio('paid', 'payable', 100), 'students') }}
    from cells

),

tuition_deferred_share as (

    {{ indicator_row('tuition_deferred_share', 'deferred', 'payable', ratio('deferred', 'payable', 100),
        smallest_group('deferring', ['payers - deferring'])) }}
    from cells

),

arrears_student_share as (

    {{ indicator_row('arrears_student_share', 'debtors', 'payers', ratio('debtors', 'payers', 100),
        smallest_group('least(debtors, payers)', ['payers - debtors', 'students - payers'])) }}
    from cells

)

select * from tuition_collection_rate
union all
select * from tuition_deferred_share
union all
select * from arrears_student_share
