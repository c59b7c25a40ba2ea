-- Grain: one classroom and one period (节) of one week of a term in which at least one class meets there. Classes that
-- meet together count once; only the days, periods and weeks that the college counts as teaching time.
{%- set periods = var('morning_periods') + var('afternoon_periods') + var('evening_periods') %}
with class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}
    where weekday <= {{ var('teaching_days') }} and room_code is not null

),

week as (

    select * from {{ ref('int_study__teaching_week') }}
    where week <= {{ var('teaching_weeks') }}

),

period as (

    {{ numbers(1, periods) }}

),

classroom as (

    select distinct room_code
    from {{ ref('int_estate__room_census') }}
    where room_use in {{ classroom_uses() }} and is_usable

)

select distinct
    substr(class.term_code, 1, 9) as academic_year,
    class.term_code,
    class.room_code,
    week.week,
    class.weekday,
    period.number as period_no,
    case
        when period.number <= {{ var('morning_periods') }} then 'morning'
        when period.number <= {{ var('morning_periods') + var('afternoon_periods') }} then 'afternoon'
        else 'evening'
    end as day_part
from class
inner join week on class.weeks = week.weeks
inner join period on period.number between class.start_period and class.end_period
inner join classroom on class.room_code = classroom.room_code
