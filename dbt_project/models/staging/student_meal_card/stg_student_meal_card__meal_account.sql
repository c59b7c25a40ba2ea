with source as (

    {{ snapshot_rows(source('student_meal_card', 'meal_account'), ['card_no']) }}

),

renamed as (

    select
        -- ids
        card_no,
        student_no,
        -- text
        card_status,
        -- numbers
        balance,
        -- dates
        opened_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
