-- Every month with a card transaction, so that a page sums neither days nor transactions of years.
with trade as (

    select person_key, month, sum(transaction_count) as transactions
    from {{ ref('int_life__meal_month') }}
    where person_key is not null
    group by person_key, month

),

meal as (

    select
        person_key,
        {{ year_of('meal_date') }} as year,
        {{ month_of('meal_date') }} as month,
        count(*) as days,
        sum(meal_count) as meals,
        sum(amount) as amount
    from {{ ref('fct_meal_day') }}
    group by person_key, {{ year_of('meal_date') }}, {{ month_of('meal_date') }}

),

-- The month is written out once they are few.
meal_month as (

    select
        person_key,
        {{ month_text(date_of('year', 'month', 1)) }} as month,
        days,
        meals,
        amount
    from meal

)

select
    trade.person_key,
    trade.month,
    cast(trade.transactions as integer) as transaction_count,
    cast(coalesce(meal_month.days, 0) as integer) as day_count,
    cast(coalesce(meal_month.meals, 0) as integer) as meal_count,
    cast(coalesce(meal_month.amount, 0) as decimal(14, 2)) as amount
from trade
left join meal_month on trade.person_key = meal_month.person_key and trade.month = meal_month.month
