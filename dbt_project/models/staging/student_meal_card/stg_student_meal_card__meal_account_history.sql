-- Grain: one version of card_no, valid from <= moment < to.
{% set tracked = [
    'student_no', 'card_status', 'opened_date', 'balance'
] %}

with source as (

    {{ snapshot_spans(source('student_meal_card', 'meal_account'), ['card_no'], tracked) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
