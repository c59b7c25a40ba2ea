{{ config(
    materialized='growing',
    grows_by='int_life__meal_transaction',
    key=['student_no', 'month'],
    key_there=['student_no', month_text('trade_date')],
    month_of='trade_date'
) }}
-- Grain: student number and month (Beijing) with a card transaction, for all that counts by months: a day brings
-- some ten thousand transactions, and months of years would be summed from many million.
with trade as (

    select
        person_key,
        student_no,
        trade_date,
        amount,
        coalesce(transaction_type = '消费' and merchant_kind = '餐饮', false) as is_meal
    from {{ ref('int_life__meal_transaction') }}

),

-- The month is written out once they are few.
summed as (

    select
        person_key,
        student_no,
        {{ year_of('trade_date') }} as year_no,
        {{ month_of('trade_date') }} as month_no,
        count(*) as transaction_count,
        min(case when is_meal then trade_date end) as first_meal_date,
        cast(sum(case when is_meal then amount end) as decimal(14, 2)) as meal_amount
    from trade
    group by person_key, student_no, {{ year_of('trade_date') }}, {{ month_of('trade_date') }}

)

select
    person_key,
    student_no,
    {{ month_text(date_of('year_no', 'month_no', 1)) }} as month,
    transaction_count,
    first_meal_date,
    meal_amount
from summed
