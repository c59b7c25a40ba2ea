-- Grain: one version of payment_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('tuition_collection', 'fee_payment'), ['payment_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
