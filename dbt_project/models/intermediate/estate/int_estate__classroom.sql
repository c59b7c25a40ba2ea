-- Grain: one term in which classes are given and one classroom of it. The classrooms of a term are those of the
-- head-count in the autumn of its academic year, else of the running one.
with census as (

    select
        period,
        {{ year_of('on_date') }} as first_year,
        row_number() over (partition by {{ year_of('on_date') }} order by is_running, on_date) as choice
    from {{ ref('int_calendar__census_date') }}

),

room as (

    select
        census.first_year,
        room.room_code,
        room.building_code,
        room.seats
    from census
    inner join {{ ref('int_estate__room_census') }} as room on census.period = room.period
    where census.choice = 1 and room.room_use in {{ classroom_uses() }} and room.is_usable

),

term as (

    select distinct term_code
    from {{ ref('stg_academic_affairs__teaching_class') }}

)

select
    substr(term.term_code, 1, 9) as academic_year,
    term.term_code,
    room.room_code,
    room.building_code,
    room.seats
from term
inner join room on cast(substr(term.term_code, 1, 4) as integer) = room.first_year
