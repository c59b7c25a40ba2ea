with source as (

    {{ latest_rows(source('tuition_collection', 'fee_payment'), ['payment_no']) }}

),

renamed as (

    select
        -- ids
        payment_no,
        bill_no,
        student_no,
        invoice_no,
        -- text
        channel,
        -- numbers
        amount,
        -- dates
        paid_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
