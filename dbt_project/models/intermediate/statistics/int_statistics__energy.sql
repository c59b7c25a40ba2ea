-- Grain: indicator, period, level, unit. 单位建筑面积能耗 = electricity of the calendar year's meters ÷ floor area of
-- the buildings that stood on its last day. A house counts from its completion, whenever it
-- was delivered: later, or while it was still being built.
with year as (

    select * from {{ ref('int_calendar__year') }}

),

building as (

    select
        history.floor_area,
        history.completed_date,
        case
            when
                row_number() over (partition by history.building_code order by history.valid_from) = 1
                and history.completed_date < {{ beijing_date('history.valid_from') }}
                then history.completed_date
            else {{ beijing_date('history.valid_from') }}
        end as from_date,
        coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) as to_date,
        history.is_deleted
    from {{ ref('stg_property_management__building_history') }} as history

),

standing as (

    select year.period, sum(building.floor_area) as floor_area
    from year
    inner join building on building.from_date <= year.on_date and building.to_date > year.on_date
    where not building.is_deleted and coalesce(building.completed_date <= year.on_date, true)
    group by year.period

),

used as (

    select cast(substr(month, 1, 4) as integer) as year, sum(quantity) as kwh
    from {{ ref('stg_property_management__utility_reading') }}
    where kind = '电'
    group by substr(month, 1, 4)

),

cells as (

    select
        year.period,
        year.on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        used.kwh,
        coalesce(standing.floor_area, 0) as floor_area
    from year
    inner join used on year.year = used.year
    left join standing on year.period = standing.period

)

{{ indicator_row('energy_per_square_metre', 'kwh', 'floor_area', ratio('kwh', 'floor_area'), 'null') }}
from cells
