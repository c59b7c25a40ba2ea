-- Grain: one version of merchant_no, valid from <= moment < to.
{% set tracked = [
    'merchant_name', 'canteen', 'kind', 'opened_date', 'closed_date'
] %}

with source as (

    {{ snapshot_spans(source('student_meal_card', 'meal_merchant'), ['merchant_no'], tracked) }}

),

renamed as (

    select
        -- ids
        merchant_no,
        -- text
        merchant_name,
        canteen,
        kind,
        -- dates
        opened_date,
        closed_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
