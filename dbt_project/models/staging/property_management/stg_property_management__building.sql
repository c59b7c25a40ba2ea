with source as (

    {{ snapshot_rows(source('property_management', 'building'), ['building_code']) }}

),

renamed as (

    select
        -- ids
        building_code,
        -- text
        building_name,
        campus,
        use as building_use,
        {{ label('use', 'building_use') }} as building_use_label,
        structure as building_structure,
        {{ label('structure', 'building_structure') }} as building_structure_label,
        condition as building_condition,
        {{ label('condition', 'building_condition') }} as building_condition_label,
        property_right,
        {{ label('property_right', 'property_right') }} as property_right_label,
        -- numbers
        floor_area,
        usable_area,
        -- dates
        completed_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
