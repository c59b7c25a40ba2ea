-- Grain: indicator, period, level, unit. 家庭经济困难学生资助覆盖率, 家庭经济困难学生占比, 困难学生人均受助金额 by academic year:
-- aid against need. Need is a recognition (困难认定) other than 不困难; aid is any payment or loan of the same
-- year, or an award that is one (资助类型). A student counts in the college of the year's 30 September, else in
-- the last known one.
with aid as (

    select * from {{ ref('stg_student_affairs__student_aid') }}

),

need as (

    select distinct academic_year as period, student_no
    from aid
    where record_type = '困难认定' and coalesce(hardship_degree, '') <> '3'

),

received as (

    select
        academic_year as period,
        student_no,
        case when record_type in ('困难补助', '助学金') then coalesce(amount, 0) else 0 end as granted
    from aid
    where record_type <> '困难认定'
    union all
    select academic_year, student_no, 0
    from {{ ref('stg_student_affairs__student_award') }}
    where grant_type is not null

),

receiver as (

    select period, student_no, sum(granted) as granted
    from received
    group by period, student_no

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

need_day as (

    select *, {{ date_of('substr(period, 1, 4)', 9, 30) }} as census_day
    from need

),

need_row as (

    select
        need_day.period,
        need_day.student_no,
        case when then_in.student_no is not null then then_in.college_code else last_in.college_code end as college_code,
        case when then_in.student_no is not null then then_in.major_code else last_in.major_code end as major_code,
        case when receiver.student_no is not null then 1 else 0 end as is_covered,
        coalesce(receiver.granted, 0) as granted,
        case when receiver.granted > 0 then 1 else 0 end as is_granted
    from need_day
    left join receiver on need_day.period = receiver.period and need_day.student_no = receiver.student_no
    left join history as then_in
        on need_day.student_no = then_in.student_no
        and then_in.valid_from <= need_day.census_day
        and coalesce(then_in.valid_to, {{ date_of(9999, 12, 31) }}) > need_day.census_day
    left join history as last_in on need_day.student_no = last_in.student_no and last_in.is_latest

),

need_level as (

    {{ student_levels('need_row') }}

),

covered_year as (

    select period, substr(period, 1, 4) as census_period
    from need
    group by period

),

population_row as (

    select covered_year.period, census.college_code, census.major_code, census.student_no
    from covered_year
    inner join {{ ref('int_statistics__student_census') }} as census on covered_year.census_period = census.period

),

population_level as (

    {{ student_levels('population_row') }}

),

counted as (

    select
        period, level, unit, max(parent_unit) as parent_unit, count(*) as students,
        0 as recognised, 0 as covered, 0 as granted, 0 as grantees
    from population_level
    group by period, level, unit
    union all
    select
        period, level, unit, max(parent_unit), 0, count(*), sum(is_covered), sum(granted), sum(is_granted)
    from need_level
    group by period, level, unit

),

cells as (

    select
        period,
        {{ year_end('substr(period, 6, 4)', 8, 31) }} as on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(students) as students,
        sum(recognised) as recognised,
        sum(covered) as covered,
        sum(granted) as granted,
        sum(grantees) as grantees
    from counted
    group by period, level, unit

),

aid_coverage as (

    {{ indicator_row('aid_coverage', 'covered', 'recognised', ratio('covered', 'recognised', 100),
        smallest_group('least(recognised, covered)', ['recognised - covered'])) }}
    from cells

),

hardship_student_share as (

    {{ indicator_row('hardship_student_share', 'recognised', 'students', ratio('recognised', 'students', 100),
        smallest_group('least(students, recognised)', ['students - recognised'])) }}
    from cells

),

aid_per_hardship_student as (

    {{ indicator_row('aid_per_hardship_student', 'granted', 'recognised', ratio('granted', 'recognised'),
        smallest_group('least(recognised, grantees)', ['recognised - grantees'])) }}
    from cells

)

select * from aid_coverage
union all
select * from hardship_student_share
union all
select * from aid_per_hardship_student
