-- Grain: one version of room_code, valid from <= moment < to.
{% set tracked = [
    'building_code', 'floor', 'use', 'status', 'area', 'seats', 'beds', 'is_multimedia', 'unit_code'
] %}

with source as (

    {{ snapshot_spans(source('property_management', 'room'), ['room_code'], tracked) }}

),

renamed as (

    select
        -- ids
        room_code,
        building_code,
        unit_code,
        -- text
        use,
        {{ label('use', 'room_use') }} as use_label,
        status,
        {{ label('status', 'room_status') }} as status_label,
        -- numbers
        floor,
        area,
        seats,
        beds,
        -- booleans
        is_multimedia,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
