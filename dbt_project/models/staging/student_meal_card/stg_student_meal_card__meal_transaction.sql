with source as (

    {{ latest_of_many_rows(source('student_meal_card', 'meal_transaction'), ['transaction_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
