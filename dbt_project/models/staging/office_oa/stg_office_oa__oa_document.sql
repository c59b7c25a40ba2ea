with source as (

    {{ latest_rows(source('office_oa', 'oa_document'), ['document_id']) }}

),

renamed as (

    select
        -- ids
        document_id,
        document_no,
        unit_code,
        -- text
        direction,
        document_type,
        {{ label('document_type', 'document_type') }} as document_type_label,
        title,
        urgency,
        {{ label('urgency', 'urgency') }} as urgency_label,
        secrecy,
        {{ label('secrecy', 'document_secrecy') }} as secrecy_label,
        status,
        {{ label('status', 'document_status') }} as status_label,
        -- dates
        issued_date,
        archived_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
