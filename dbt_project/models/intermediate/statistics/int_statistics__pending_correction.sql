-- Grain: indicator, period, level, unit. Cells of closed periods for which another figure is computed now than
-- the one that is kept: late rows, mended rows, a changed definition. They wait for a correction.
with kept as (

    select * from {{ ref('int_statistics__kept_figure') }}

),

closed as (

    select distinct indicator, period from kept

),

computed as (

    select figure.*
    from {{ ref('int_statistics__indicator_value') }} as figure
    inner join closed on figure.indicator = closed.indicator and figure.period = closed.period

),

compared as (

    select
        coalesce(kept.indicator, computed.indicator) as indicator,
        coalesce(kept.period, computed.period) as period,
        coalesce(kept.level, computed.level) as level,
        coalesce(kept.unit, computed.unit) as unit,
        coalesce(computed.unit_name, kept.unit_name) as unit_name,
        kept.value as kept_value,
        computed.value as computed_value,
        kept.release as kept_release,
        case
            when computed.indicator is null then 'removed'
            when kept.indicator is null then 'added'
            when {{ differs('kept.value', 'computed.value') }}
                or {{ differs('kept.numerator', 'computed.numerator') }}
                or {{ differs('kept.denominator', 'computed.denominator') }}
                then 'changed'
        end as difference
    from kept
    full outer join computed
        on kept.indicator = computed.indicator
        and kept.period = computed.period
        and kept.level = computed.level
        and kept.unit = computed.unit

)

select *
from compared
where difference is not null
