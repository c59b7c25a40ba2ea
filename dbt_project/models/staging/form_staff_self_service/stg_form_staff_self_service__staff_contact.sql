with source as (

    {{ snapshot_rows(source('form_staff_self_service', 'staff_contact'), ['staff_no']) }}

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
        updated_at as filled_in_at,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
