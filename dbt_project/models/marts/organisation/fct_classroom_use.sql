with classroom as (

    select * from {{ ref('int_estate__classroom') }}

),

building as (

    select * from {{ ref('stg_property_management__building') }}

),

day as (

    {{ numbers(1, var('teaching_days')) }}

),

period as (

    {{ numbers(1, var('morning_periods') + var('afternoon_periods') + var('evening_periods')) }}

),

house as (

    select term_code, building_code, count(*) as classrooms
    from classroom
    group by term_code, building_code

),

occupied as (

    select
        term_code,
        building_code,
        weekday,
        period_no,
        count(*) as room_weeks
    from {{ ref('int_estate__classroom_hour') }}
    group by term_code, building_code, weekday, period_no

)

select
    house.term_code,
    house.building_code,
    building.building_name,
    building.campus,
    cast(day.number as integer) as weekday,
    cast(period.number as integer) as period_no,
    cast(house.classrooms as bigint) as classroom_count,
    cast(coalesce(occupied.room_weeks, 0) as bigint) as occupied_count,
    cast(house.classrooms * {{ var('teaching_weeks') }} as bigint) as available_count,
    cast(
        cast(coalesce(occupied.room_weeks, 0) as double) / (house.classrooms * {{ var('teaching_weeks') }}) as double
    ) as use_rate
from house
cross join day
cross join period
left join building on house.building_code = building.building_code
left join occupied
    on house.term_code = occupied.term_code
    and house.building_code = occupied.building_code
    and day.number = occupied.weekday
    and period.number = occupied.period_no
