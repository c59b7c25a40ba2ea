-- Grain: one version of lab_code, valid from <= moment < to.
{% set tracked = [
    'lab_name', 'unit_code', 'lab_nature', 'area', 'room_codes', 'level'
] %}

with source as (

    {{ snapshot_spans(source('state_assets', 'laboratory'), ['lab_code'], tracked) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
