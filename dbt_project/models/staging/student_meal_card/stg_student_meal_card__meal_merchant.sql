with source as (

    {{ snapshot_rows(source('student_meal_card', 'meal_merchant'), ['merchant_no']) }}

),

renamed as (

    select
        -- ids
        merchant_no,
        -- text
        merchant_name,
        canteen,
        kind as merchant_kind,
        -- dates
        opened_date,
        closed_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
