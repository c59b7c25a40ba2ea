{{ config(materialized='view') }}

select
    person_key,
    traded_at,
    transaction_type,
    amount,
    balance_after,
    merchant_name,
    canteen,
    meal_period
from {{ ref('int_life__meal_transaction') }}
where person_key is not null
