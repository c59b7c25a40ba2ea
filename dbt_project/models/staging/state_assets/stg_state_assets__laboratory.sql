with source as (

    {{ snapshot_rows(source('state_assets', 'laboratory'), ['lab_code']) }}

),

renamed as (

    select
        -- ids
        lab_code,
        unit_code,
        -- text
        lab_name,
        lab_nature,
        room_codes,
        level,
        {{ label('level', 'level') }} as level_label,
        -- numbers
        area,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
