-- Grain: one version of staff_no, valid from <= moment < to.
{% set tracked = [
    'marital_status', 'spouse_name', 'spouse_employer', 'spouse_employment_status', 'spouse_phone',
    'consent_recorded', 'updated_at'
] %}

with source as (

    {{ snapshot_spans(source('form_staff_self_service', 'staff_family'), ['staff_no'], tracked) }}

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
        updated_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
