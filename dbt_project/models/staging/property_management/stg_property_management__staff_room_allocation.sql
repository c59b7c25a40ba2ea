with source as (

    {{ latest_rows(source('property_management', 'staff_room_allocation'), ['staff_no', 'room_code', 'start_date']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        room_code,
        -- text
        allocation_type,
        tenure,
        {{ label('tenure', 'housing_tenure') }} as tenure_label,
        -- numbers
        area_share,
        monthly_rent,
        -- dates
        start_date,
        end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
