-- Grain: one version of staff_no、room_code、start_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('property_management', 'staff_room_allocation'), ['staff_no', 'room_code', 'start_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
