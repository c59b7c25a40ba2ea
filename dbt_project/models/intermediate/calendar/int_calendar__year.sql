-- Grain: one calendar year that the landed data covers from its first day, with the head-count its figures
-- are divided by: the one of 30 September, else, in the running year, the one of the as-of date. `on_date`
-- is the last day the year's events reach.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

coverage as (

    select * from {{ ref('int_calendar__coverage') }}

),

ranked as (

    select
        {{ year_of('census.on_date') }} as year,
        census.period as census_period,
        row_number() over (
            partition by {{ year_of('census.on_date') }} order by census.is_running, census.on_date
        ) as choice
    from census
    cross join coverage
    where {{ date_of(year_of('census.on_date'), 1, 1) }} >= coverage.first_day

)

select
    year,
    cast(year as string) as period,
    census_period,
    case
        when {{ date_of('year', 12, 31) }} < {{ as_of_date() }} then {{ date_of('year', 12, 31) }}
        else {{ as_of_date() }}
    end as on_date
from ranked
where choice = 1
