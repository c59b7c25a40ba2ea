-- Grain: one version of loan_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('library_management', 'library_loan'), ['loan_id']) }}

),

renamed as (

    select
        -- ids
        loan_id,
        reader_no,
        barcode,
        -- text
        reader_kind,
        -- numbers
        renewals,
        overdue_days,
        fine,
        -- dates
        borrowed_at,
        due_date,
        returned_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
