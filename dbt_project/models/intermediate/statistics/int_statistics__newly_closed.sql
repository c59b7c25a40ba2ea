-- Grain: indicator, period, level, unit. The figures that this release is the first to show closed, or shows
-- corrected: the release keeps them. A period is closed when the as-of date lies behind its last day; on the
-- last day itself it still runs.
with figure as (

    select * from {{ ref('int_statistics__figure') }}

),

last_day as (

    select indicator, period, max(as_of_date) as last_day
    from figure
    group by indicator, period

),

kept as (

    select distinct indicator, period from {{ ref('int_statistics__kept_figure') }}

)

select figure.*
from figure
inner join last_day on figure.indicator = last_day.indicator and figure.period = last_day.period
left join kept on figure.indicator = kept.indicator and figure.period = kept.period
where last_day.last_day < {{ as_of_date() }} and kept.indicator is null
