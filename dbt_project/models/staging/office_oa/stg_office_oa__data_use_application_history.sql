-- Grain: one version of application_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('office_oa', 'data_use_application'), ['application_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
