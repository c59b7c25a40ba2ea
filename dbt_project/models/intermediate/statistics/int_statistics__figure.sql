{{ config(materialized='view') }}
-- Grain: indicator, period, level, unit. The figures as they stand, before each audience gets its own.
select * from {{ ref('int_statistics__indicator_value') }}
