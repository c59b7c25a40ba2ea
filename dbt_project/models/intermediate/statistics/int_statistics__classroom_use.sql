-- Grain: indicator, period, level, unit. 教室利用率 by academic year: occupied classroom periods ÷ (classrooms × periods
-- a week × teaching weeks) of the terms held, over all and by part of the day. 教室座位利用率 = enrolled ÷ seats of the
-- classrooms that the classes were given, at level college by the unit that gives the course.
with classroom as (

    select * from {{ ref('int_estate__classroom') }}

),

hour as (

    select * from {{ ref('int_estate__classroom_hour') }}

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

offered as (

    select academic_year, count(*) as room_terms
    from classroom
    group by academic_year

),

occupied as (

    select
        academic_year,
        count(*) as periods,
        sum(case when day_part = 'morning' then 1 else 0 end) as morning,
        sum(case when day_part = 'afternoon' then 1 else 0 end) as afternoon,
        sum(case when day_part = 'evening' then 1 else 0 end) as evening
    from hour
    group by academic_year

),

cells as (

    select
        offered.academic_year as period,
        {{ academic_year_end('offered.academic_year') }} as on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        offered.room_terms * {{ var('teaching_days') * var('teaching_weeks') }} as room_days,
        coalesce(occupied.periods, 0) as periods,
        coalesce(occupied.morning, 0) as morning,
        coalesce(occupied.afternoon, 0) as afternoon,
        coalesce(occupied.evening, 0) as evening
    from offered
    left join occupied on offered.academic_year = occupied.academic_year

),

seated as (

    select
        classroom.academic_year as period,
        {{ academic_year_end('classroom.academic_year') }} as on_date,
        unit.college_code,
        class.enrolled,
        classroom.seats
    from class
    inner join classroom on class.term_code = classroom.term_code and class.room_code = classroom.room_code
    left join course on class.course_code = course.course_code
    left join unit on course.unit_code = unit.unit_code
    where class.enrolled is not null and classroom.seats > 0

),

seat_cells as (

    {{ level_sums('seated', ['enrolled', 'seats']) }}

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
