-- Grain: one calendar year that has a head-count: the one of 30 September, else, in the running year, the
-- one of the as-of date. `on_date` is the last day the year's events reach.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

ranked as (

    select
        {{ year_of('on_date') }} as year,
        period as census_period,
        row_number() over (partition by {{ year_of('on_date') }} order by is_running, on_date) as choice
    from census

)

select
    year,
    cast(year as varchar) as period,
    census_period,
    case
        when {{ date_of('year', 12, 31) }} < {{ as_of_date() }} then {{ date_of('year', 12, 31) }}
        else {{ as_of_date() }}
    end as on_date
from ranked
where choice = 1
