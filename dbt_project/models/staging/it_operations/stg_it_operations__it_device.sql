with source as (

    {{ snapshot_rows(source('it_operations', 'it_device'), ['device_code']) }}

),

renamed as (

    select
        -- ids
        device_code,
        asset_no,
        admin_staff_no,
        -- text
        device_type,
        name,
        location,
        mlps_level,
        {{ label('mlps_level', 'mlps_level') }} as mlps_level_label,
        -- dates
        in_service_date,
        retired_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
