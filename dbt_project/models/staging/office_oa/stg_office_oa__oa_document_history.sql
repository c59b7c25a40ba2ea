-- Grain: one version of document_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('office_oa', 'oa_document'), ['document_id']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
