with source as (

    {{ latest_rows(source('it_operations', 'it_availability_daily'), ['device_code', 'stat_date']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
