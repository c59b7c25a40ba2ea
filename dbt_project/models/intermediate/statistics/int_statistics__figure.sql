-- Grain: indicator, period, level, unit. The figures as they stand, before each audience gets its own: what is
-- computed now, and for closed periods what was published first. An indicator and period is kept as a whole,
-- with its units and levels, or the parts would no longer sum to the school.
with computed as (

    select * from {{ ref('int_statistics__indicator_value') }}

),

kept as (

    select * from {{ ref('int_statistics__kept_figure') }}

),

closed as (

    select distinct indicator, period from kept

),

open_figure as (

    select computed.*
    from computed
    left join closed on computed.indicator = closed.indicator and computed.period = closed.period
    where closed.indicator is null

),

kept_figure as (

    select
        kept.indicator,
        kept.period,
        kept.level,
        kept.unit,
        -- a unit bears its name of today wherever it is still known
        coalesce(computed.unit_name, kept.unit_name) as unit_name,
        kept.parent_unit,
        kept.numerator,
        kept.denominator,
        kept.value,
        kept.as_of_date,
        kept.smallest_group
    from kept
    left join computed
        on kept.indicator = computed.indicator
        and kept.period = computed.period
        and kept.level = computed.level
        and kept.unit = computed.unit

)

select
    indicator, period, level, unit, unit_name, parent_unit, numerator, denominator, value, as_of_date, smallest_group
from open_figure
union all
select
    indicator, period, level, unit, unit_name, parent_unit, numerator, denominator, value, as_of_date, smallest_group
from kept_figure
