-- Grain: one version of device_code, valid from <= moment < to.
{% set tracked = [
    'device_type', 'name', 'asset_no', 'location', 'admin_staff_no', 'mlps_level',
    'in_service_date', 'retired_date'
] %}

with source as (

    {{ snapshot_spans(source('it_operations', 'it_device'), ['device_code'], tracked) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
