-- Grain: indicator, period, level, unit. Figures of closed periods as they were first published; without the
-- indicators and periods that a decided correction lets this build publish anew.
with source as (

    select * from {{ source('earlier', 'census_figure') }}

)

select
    -- ids
    release,
    indicator,
    period,
    level,
    unit,
    parent_unit,
    -- text
    unit_name,
    -- numbers
    numerator,
    denominator,
    value,
    smallest_group,
    -- dates
    as_of_date
from source
