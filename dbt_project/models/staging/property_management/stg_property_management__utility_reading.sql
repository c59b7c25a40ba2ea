with source as (

    {{ latest_rows(source('property_management', 'utility_reading'), ['meter_no', 'month']) }}

),

renamed as (

    select
        -- ids
        meter_no,
        room_code,
        -- text
        kind,
        -- numbers
        quantity,
        amount,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
