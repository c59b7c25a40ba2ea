-- Grain: one version of payment_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('finance_management', 'student_disbursement'), ['payment_no']) }}

),

renamed as (

    select
        -- ids
        payment_no,
        student_no,
        -- text
        payment_type,
        source_ref,
        status,
        bank_card_tail,
        -- numbers
        amount,
        -- dates
        paid_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
