-- Grain: one version of device_code、stat_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('it_operations', 'it_availability_daily'), ['device_code', 'stat_date']) }}

),

renamed as (

    select
        -- ids
        device_code,
        -- numbers
        uptime_minutes,
        alerts,
        peak_mbps,
        avg_mbps,
        -- dates
        stat_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
