-- Grain: indicator, period, level, unit. 教室利用率 by academic year: occupied classroom periods ÷ (classrooms × periods
-- a week × teaching weeks) of the terms held, over all and by part of the day. The classrooms are those of the
-- head-count in the autumn of that academic year, else of the running one. 教室座位利用率 = enrolled ÷ seats of the
-- classrooms that the classes were given, at level college by the unit that gives the course.
with census as (

    select
        census.period as census_period,
        census.on_date,
        row_number() over (
            partition by {{ year_of('census.on_date') }} order by census.is_running, census.on_date
        ) as choice
    from {{ ref('int_calendar__census_date') }} as census

),

room as (

    select
        {{ year_of('census.on_date') }} as first_year,
        room.room_code,
        room.seats
    from census
    inner join {{ ref('int_estate__room_census') }} as room on census.census_period = room.period
    where census.choice = 1 and room.room_use in {{ classroom_uses() }} and room.is_usable

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

seated as (

    select
        substr(class.term_code, 1, 9) as period,
        {{ academic_year_end('class.term_code') }} as on_date,
        unit.college_code,
        class.enrolled,
        room.seats
    from class
    inner join room
        on class.room_code = room.room_code
        and cast(substr(class.term_code, 1, 4) as integer) = room.first_year
    left join course on class.course_code = course.course_code
    left join unit on course.unit_code = unit.unit_code
    where class.enrolled is not null and room.seats > 0

),

seat_cells as (

    {{ level_sums('seated', ['enrolled', 'seats']) }}

),

term as (

    select distinct
        term_code,
        substr(term_code, 1, 9) as period,
        cast(substr(term_code, 1, 4) as integer) as first_year
    from class

),

offered as (

    select
        term.period,
        count(*) as room_terms
    from term
    inner join room on term.first_year = room.first_year
    group by term.period

),

hour as (

    select hour.*
    from {{ ref('int_estate__classroom_hour') }} as hour
    inner join room
        on hour.room_code = room.room_code
        and cast(substr(hour.academic_year, 1, 4) as integer) = room.first_year

),

occupied as (

    select
        academic_year as period,
        count(*) as periods,
        sum(case when day_part = 'morning' then 1 else 0 end) as morning,
        sum(case when day_part = 'afternoon' then 1 else 0 end) as afternoon,
        sum(case when day_part = 'evening' then 1 else 0 end) as evening
    from hour
    group by academic_year

),

cells as (

    select
        offered.period,
        {{ academic_year_end('offered.period') }} as on_date,
        'school' as level,
        'school' as unit,
        cast(null as varchar) as parent_unit,
        offered.room_terms * {{ var('teaching_days') * var('teaching_weeks') }} as room_days,
        coalesce(occupied.periods, 0) as periods,
        coalesce(occupied.morning, 0) as morning,
        coalesce(occupied.afternoon, 0) as afternoon,
        coalesce(occupied.evening, 0) as evening
    from offered
    left join occupied on offered.period = occupied.period

)
{% set whole = '(room_days * ' ~ (var('morning_periods') + var('afternoon_periods') + var('evening_periods')) ~ ')' %}
{% set morning = '(room_days * ' ~ var('morning_periods') ~ ')' %}
{% set afternoon = '(room_days * ' ~ var('afternoon_periods') ~ ')' %}
{% set evening = '(room_days * ' ~ var('evening_periods') ~ ')' %}
{{ indicator_row('classroom_utilisation', 'periods', whole, ratio('periods', whole, 100), 'null') }}
from cells
union all
{{ indicator_row('classroom_utilisation_morning', 'morning', morning, ratio('morning', morning, 100), 'null') }}
from cells
union all
{{ indicator_row('classroom_utilisation_afternoon', 'afternoon', afternoon, ratio('afternoon', afternoon, 100), 'null') }}
from cells
union all
{{ indicator_row('classroom_utilisation_evening', 'evening', evening, ratio('evening', evening, 100), 'null') }}
from cells
union all
{{ indicator_row('classroom_seat_use', 'enrolled', 'seats', ratio('enrolled', 'seats', 100), 'enrolled') }}
from seat_cells
