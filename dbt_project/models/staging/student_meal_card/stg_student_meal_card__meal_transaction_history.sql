-- Grain: one version of transaction_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_meal_card', 'meal_transaction'), ['transaction_no']) }}

),

renamed as (

    select
        -- ids
        transaction_no,
        card_no,
        student_no,
        merchant_no,
        pos_no,
        -- text
        transaction_type,
        meal_period,
        -- numbers
        amount,
        balance_after,
        -- dates
        traded_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
