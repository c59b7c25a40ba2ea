with source as (

    {{ latest_rows(source('finance_management', 'staff_reimbursement'), ['document_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
