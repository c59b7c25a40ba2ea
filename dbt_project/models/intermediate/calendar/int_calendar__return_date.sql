-- Grain: one day that the ministry's tables are counted on: 1 September (学年初) of each year that the landed data
-- covers (`is_return`). Beside it stand the days of the yearly head-counts, on which the same rules must give what the
-- indicators say; what is counted on those is published nowhere.
with coverage as (

    select * from {{ ref('int_calendar__coverage') }}

),

years as (

    {{ numbers(1990, 2100) }}

),

first_of_year as (

    select years.number as return_year, {{ date_of('years.number', 9, 1) }} as on_date
    from years
    cross join coverage
    where
        {{ date_of('years.number', 9, 1) }} >= coverage.first_day
        and {{ date_of('years.number', 9, 1) }} <= {{ as_of_date() }}

)

select
    'return ' || cast(return_year as string) as period,
    on_date,
    false as is_running,
    return_year,
    true as is_return
from first_of_year
union all
select
    'census ' || period as period,
    on_date,
    is_running,
    {{ year_of('on_date') }} as return_year,
    false as is_return
from {{ ref('int_calendar__census_date') }}
where not is_running
