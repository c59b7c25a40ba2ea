{{ config(materialized='view') }}
-- Grain: indicator, period, level, unit. What stands of closed periods: the kept figures of the indicators that
-- are still defined.
select kept.*
from {{ ref('stg_earlier__census_figure') }} as kept
inner join {{ ref('indicator') }} as indicator on kept.indicator = indicator.id
