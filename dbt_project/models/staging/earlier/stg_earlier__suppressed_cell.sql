-- Grain: audience, indicator, lasting_period, level, unit. What the newest release suppressed. The running count bears
-- another date every day and is one period all the same: shown tomorrow, a cell would tell today's.
with source as (

    select * from {{ source('earlier', 'suppressed_cell') }}

),

renamed as (

    select distinct
        audience,
        indicator,
        case when length(period) = 10 then 'running' else period end as lasting_period,
        level,
        unit
    from source

)

select * from renamed
