-- Grain: one period of a head-count and one student that at least one of three systems counts: in residence on
-- 30 September by student affairs, holding a place in a class of the autumn term on that day by academic affairs,
-- billed tuition for the academic year. A system that delivered nothing for the period counts nobody: null.
with period as (

    select
        period,
        on_date,
        period || '-' || cast(cast(period as integer) + 1 as string) as academic_year
    from {{ ref('int_calendar__census_date') }}
    where not is_running

),

enrolled as (

    select period, student_no, college_code
    from {{ ref('int_statistics__student_census') }}
    where not is_running

),

selecting as (

    select distinct period.period, selection.student_no
    from {{ ref('stg_academic_affairs__course_selection') }} as selection
    inner join {{ ref('stg_academic_affairs__teaching_class') }} as class on selection.class_no = class.class_no
    inner join period on class.term_code = period.academic_year || '-1'
    where selection.dropped_at is null or {{ beijing_date('selection.dropped_at') }} > period.on_date

),

billed as (

    select distinct period.period, bill.student_no
    from {{ ref('stg_tuition_collection__fee_bill') }} as bill
    inner join period on bill.academic_year = period.academic_year
    where bill.fee_item = '学费'

),

anybody as (

    select period, student_no from enrolled
    union
    select period, student_no from selecting
    union
    select period, student_no from billed

),

delivered as (

    select
        period.period,
        (select count(*) from selecting where selecting.period = period.period) > 0 as by_academic_affairs,
        (select count(*) from billed where billed.period = period.period) > 0 as by_tuition
    from period

),

history as (

    select * from {{ ref('int_people__student_history') }}

)

select
    anybody.period,
    period.on_date,
    anybody.student_no,
    coalesce(enrolled.college_code, then_in.college_code, last_in.college_code) as college_code,
    enrolled.student_no is not null as in_student_affairs,
    case when delivered.by_academic_affairs then selecting.student_no is not null end as in_academic_affairs,
    case when delivered.by_tuition then billed.student_no is not null end as in_tuition
from anybody
inner join period on anybody.period = period.period
inner join delivered on anybody.period = delivered.period
left join enrolled on anybody.period = enrolled.period and anybody.student_no = enrolled.student_no
left join selecting on anybody.period = selecting.period and anybody.student_no = selecting.student_no
left join billed on anybody.period = billed.period and anybody.student_no = billed.student_no
left join history as then_in
    on anybody.student_no = then_in.student_no
    and {{ valid_on('then_in', 'period.on_date') }}
left join history as last_in on anybody.student_no = last_in.student_no and last_in.is_latest
