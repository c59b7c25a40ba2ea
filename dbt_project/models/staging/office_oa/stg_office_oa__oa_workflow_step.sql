with source as (

    {{ latest_rows(source('office_oa', 'oa_workflow_step'), ['document_id', 'step_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
