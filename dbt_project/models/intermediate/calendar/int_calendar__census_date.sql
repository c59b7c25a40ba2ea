-- Grain: one period of a head-count. 30 September of each year that the landed data covers, and the as-of
-- date as the running period, unless it is a census date itself.
with coverage as (

    select * from {{ ref('int_calendar__coverage') }}

),

years as (

    {{ numbers(1990, 2100) }}

),

census as (

    select {{ date_of('years.number', 9, 30) }} as on_date
    from years
    cross join coverage
    where
        {{ date_of('years.number', 9, 30) }} >= coverage.first_day
        and {{ date_of('years.number', 9, 30) }} <= {{ as_of_date() }}

)

select
    cast({{ year_of('on_date') }} as string) as period,
    on_date,
    false as is_running
from census
union all
select
    cast({{ as_of_date() }} as string) as period,
    {{ as_of_date() }} as on_date,
    true as is_running
from coverage
where
    first_day is not null
    and {{ as_of_date() }} not in (select on_date from census)
