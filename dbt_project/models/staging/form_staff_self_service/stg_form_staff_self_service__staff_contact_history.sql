-- Grain: one version of staff_no, valid from <= moment < to.
{% set tracked = [
    'office_phone', 'mobile_phone', 'home_phone', 'email', 'current_address', 'updated_at'
] %}

with source as (

    {{ snapshot_spans(source('form_staff_self_service', 'staff_contact'), ['staff_no'], tracked) }}

),

renamed as (

    select
        -- ids
        staff_no,
        -- text
        office_phone,
        mobile_phone,
        home_phone,
        email,
        current_address,
        -- dates
        updated_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
