-- Grain: one version of document_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('finance_management', 'staff_reimbursement'), ['document_no']) }}

),

renamed as (

    select
        -- ids
        document_no,
        staff_no,
        project_no,
        -- text
        kind,
        status,
        -- numbers
        amount,
        -- dates
        submitted_date,
        paid_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
