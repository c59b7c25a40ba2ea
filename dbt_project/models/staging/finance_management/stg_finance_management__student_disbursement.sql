with source as (

    {{ latest_rows(source('finance_management', 'student_disbursement'), ['payment_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
