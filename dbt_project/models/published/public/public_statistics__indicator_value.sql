-- A breakdown (indicator, period, level) is published only if no group of people that can be read off any
-- of its cells is smaller than the minimum; one small cell withholds them all, or it would follow by
-- subtraction. Figures that count no people (smallest_group null) are always published.
with figure as (

    select * from {{ ref('int_statistics__figure') }}

),

breakdown as (

    select indicator, period, level, min(smallest_group) as smallest_group
    from figure
    group by indicator, period, level

)

select
    figure.indicator,
    figure.period,
    figure.level,
    figure.unit,
    figure.unit_name,
    figure.parent_unit,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.as_of_date,
    -- written when the release gets its name
    cast(null as varchar) as release
from figure
inner join breakdown
    on figure.indicator = breakdown.indicator
    and figure.period = breakdown.period
    and figure.level = breakdown.level
where breakdown.smallest_group is null or breakdown.smallest_group >= {{ var('public_minimum_cell') }}
