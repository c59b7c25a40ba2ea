-- Grain: one version of document_id、step_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('office_oa', 'oa_workflow_step'), ['document_id', 'step_no']) }}

),

renamed as (

    select
        -- ids
        document_id,
        step_no,
        staff_no,
        -- text
        step_name,
        result,
        -- dates
        received_at,
        done_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
