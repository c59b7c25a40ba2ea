with source as (

    {{ snapshot_rows(source('form_staff_self_service', 'staff_family'), ['staff_no']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        -- text
        marital_status,
        {{ label('marital_status', 'marital_status') }} as marital_status_label,
        spouse_name,
        spouse_employer,
        spouse_employment_status,
        {{ label('spouse_employment_status', 'employment_status') }} as spouse_employment_status_label,
        spouse_phone,
        -- booleans
        consent_recorded as is_consent_recorded,
        -- dates
        updated_at as filled_in_at,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
