with source as (

    {{ latest_rows(source('office_oa', 'data_use_application'), ['application_no']) }}

),

renamed as (

    select
        -- ids
        application_no,
        unit_code,
        contact_staff_no,
        -- text
        data_kind,
        purpose,
        supplier,
        approved_by,
        -- booleans
        pledge_signed as is_pledge_signed,
        -- dates
        approved_date,
        expires_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
