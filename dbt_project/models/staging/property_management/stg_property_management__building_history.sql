-- Grain: one version of building_code, valid from <= moment < to.
{% set tracked = [
    'building_name', 'campus', 'use', 'structure', 'condition', 'floor_area', 'usable_area',
    'property_right', 'completed_date'
] %}

with source as (

    {{ snapshot_spans(source('property_management', 'building'), ['building_code'], tracked) }}

),

renamed as (

    select
        -- ids
        building_code,
        -- text
        building_name,
        campus,
        use,
        {{ label('use', 'building_use') }} as use_label,
        structure,
        {{ label('structure', 'building_structure') }} as structure_label,
        condition,
        {{ label('condition', 'building_condition') }} as condition_label,
        property_right,
        {{ label('property_right', 'property_right') }} as property_right_label,
        -- numbers
        floor_area,
        usable_area,
        -- dates
        completed_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
