-- Grain: one classroom and one period (节) of one week of a term in which at least one class meets there. Classes that
-- meet together count once; only the days, periods and weeks that the college counts as teaching time.
{%- set periods = var('morning_periods') + var('afternoon_periods') + var('evening_periods') %}
with class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}
    where weekday <= {{ var('teaching_days') }}

),

week as (

    select * from {{ ref('int_study__teaching_week') }}
    where week <= {{ var('teaching_weeks') }}

),

period as (

    {{ numbers(1, periods) }}

),

classroom as (

    select * from {{ ref('int_estate__classroom') }}

)

select distinct
    classroom.academic_year,
    classroom.term_code,
    classroom.room_code,
    classroom.building_code,
    week.week,
    class.weekday,
    period.number as period_no,
    case
        when period.number <= {{ var('morning_periods') }} then 'morning'
        when period.number <= {{ var('morning_periods') + var('afternoon_periods') }} then 'afternoon'
        else 'evening'
    end as day_part
from class
inner join classroom on class.term_code = classroom.term_code and class.room_code = classroom.room_code
inner join week on class.weeks = week.weeks
inner join period on period.number between class.start_period and class.end_period
