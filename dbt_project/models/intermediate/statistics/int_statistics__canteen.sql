-- Grain: indicator, period, level, unit. 早餐就餐率 and 住宿学生人均食堂就餐天数 by calendar year. A day counts for who
-- lives in a dormitory that day and in the college of that day; divided by those in residence at the year's
-- head-count. Breakfast is looked at on days of term on which any was served: July and August are no term.
with year as (

    select * from {{ ref('int_calendar__year') }}

),

stay_row as (

    select
        student_no,
        check_in_date,
        coalesce(check_out_date, {{ date_of(9999, 12, 31) }}) as check_out_date
    from {{ ref('stg_student_affairs__student_dorm_stay') }}

),

stay_start as (

    select
        stay_row.*,
        case
            when check_in_date <= max(check_out_date) over (
                partition by student_no order by check_in_date, check_out_date
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as is_start
    from stay_row

),

stay_number as (

    select
        stay_start.*,
        sum(is_start) over (
            partition by student_no order by check_in_date, check_out_date rows unbounded preceding
        ) as stay_no
    from stay_start

),

-- Stays that overlap or follow each other are one, so that no day is found twice: twelve million days need
-- no second grouping.
stay as (

    select student_no, min(check_in_date) as check_in_date, max(check_out_date) as check_out_date
    from stay_number
    group by student_no, stay_no

),

meal_day as (

    select
        student_no,
        trade_date,
        case when {{ month_of('trade_date') }} in (7, 8) then 0 else breakfasts end as breakfasts
    from {{ ref('int_life__meal_day') }}

),

resident_day as (

    select
        cast({{ year_of('meal_day.trade_date') }} as string) as period,
        meal_day.student_no,
        meal_day.trade_date,
        meal_day.breakfasts
    from meal_day
    inner join stay
        on meal_day.student_no = stay.student_no
        and stay.check_in_date <= meal_day.trade_date
        and stay.check_out_date > meal_day.trade_date

),

serving as (

    select
        cast({{ year_of('trade_date') }} as string) as period,
        sum(breakfasts) as serving_days
    from (select trade_date, max(breakfasts) as breakfasts from meal_day group by trade_date) as served
    group by cast({{ year_of('trade_date') }} as string)

),

day_row as (

    {{ placed_students('resident_day', 'student_no', 'trade_date') }}

),

-- Summed before it is counted on every level: a day of a student is many million rows.
student_row as (

    select
        period, college_code, major_code, student_no, count(*) as meal_days, sum(breakfasts) as breakfasts
    from day_row
    group by period, college_code, major_code, student_no

),

student_level as (

    {{ student_levels('student_row') }}

),

population_row as (

    select distinct
        year.period,
        census.college_code,
        census.major_code,
        census.student_no,
        case when stay.student_no is not null then 1 else 0 end as is_resident
    from year
    inner join {{ ref('int_statistics__student_census') }} as census on year.census_period = census.period
    left join stay
        on census.student_no = stay.student_no
        and stay.check_in_date <= census.on_date
        and stay.check_out_date > census.on_date

),

population_level as (

    {{ student_levels('population_row') }}

),

counted as (

    select
        period, level, unit, max(parent_unit) as parent_unit, count(*) as students, sum(is_resident) as residents,
        0 as breakfasts, 0 as breakfasters, 0 as meal_days, 0 as eaters
    from population_level
    group by period, level, unit
    union all
    select
        period, level, unit, max(parent_unit), 0, 0, sum(breakfasts),
        count(distinct case when breakfasts > 0 then student_no end), sum(meal_days), count(distinct student_no)
    from student_level
    group by period, level, unit

),

cells as (

    select
        year.period,
        year.on_date,
        counted.level,
        counted.unit,
        max(counted.parent_unit) as parent_unit,
        max(serving.serving_days) as serving_days,
        sum(counted.students) as students,
        sum(counted.residents) as residents,
        sum(counted.breakfasts) as breakfasts,
        sum(counted.breakfasters) as breakfasters,
        sum(counted.meal_days) as meal_days,
        sum(counted.eaters) as eaters
    from counted
    inner join year on counted.period = year.period
    inner join serving on counted.period = serving.period
    group by year.period, year.on_date, counted.level, counted.unit

),

breakfast_rate as (

    {{ indicator_row('breakfast_rate', ratio('breakfasts', 'serving_days'), 'residents',
        ratio(ratio('breakfasts', 'serving_days'), 'residents', 100),
        smallest_group('least(residents, breakfasters)', ['students - residents'])) }}
    from cells

),

canteen_days_per_resident as (

    {{ indicator_row('canteen_days_per_resident', 'meal_days', 'residents', ratio('meal_days', 'residents'),
        smallest_group('least(residents, eaters)', ['students - residents'])) }}
    from cells

)

select * from breakfast_rate
union all
select * from canteen_days_per_resident
