{{ config(materialized='view') }}

select
    person_key,
    meal_date,
    meal_count,
    amount
from {{ ref('fct_meal_day') }}
