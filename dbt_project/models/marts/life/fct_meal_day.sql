{{ config(
    materialized='growing',
    grows_by='int_life__meal_day',
    key=['person_key', 'meal_date'],
    key_there=['person_key', 'trade_date']
) }}

select
    person_key,
    trade_date as meal_date,
    cast(sum(meal_count) as integer) as meal_count,
    cast(sum(amount) as decimal(14, 2)) as amount
from {{ ref('int_life__meal_day') }}
where person_key is not null
group by person_key, trade_date
