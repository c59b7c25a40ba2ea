with source as (

    {{ snapshot_rows(source('property_management', 'room'), ['room_code']) }}

),

renamed as (

    select
        -- ids
        room_code,
        building_code,
        unit_code,
        -- text
        use as room_use,
        {{ label('use', 'room_use') }} as room_use_label,
        status as room_status,
        {{ label('status', 'room_status') }} as room_status_label,
        -- numbers
        floor,
        area,
        seats,
        beds,
        -- booleans
        is_multimedia,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
