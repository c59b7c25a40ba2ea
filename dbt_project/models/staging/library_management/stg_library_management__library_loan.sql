with source as (

    {{ latest_of_many_rows(source('library_management', 'library_loan'), ['loan_id']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
