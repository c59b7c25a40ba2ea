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
        structure as building_structure,
        condition as building_condition,
        property_right,
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
