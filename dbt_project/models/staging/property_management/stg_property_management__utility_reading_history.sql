-- Grain: one version of meter_no、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('property_management', 'utility_reading'), ['meter_no', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
