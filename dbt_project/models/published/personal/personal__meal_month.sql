-- Every month with a card transaction, so that a page sums neither days nor transactions of years.
with trade as (

    select person_key, {{ year_of('trade_date') }} as year, {{ month_of('trade_date') }} as month, count(*) as transactions
    from {{ ref('int_life__meal_transaction') }}
    where person_key is not null
    group by person_key, {{ year_of('trade_date') }}, {{ month_of('trade_date') }}

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

)

select
    trade.person_key,
    {{ month_text(date_of('trade.year', 'trade.month', 1)) }} as month,
    cast(trade.transactions as integer) as transaction_count,
    cast(coalesce(meal.days, 0) as integer) as day_count,
    cast(coalesce(meal.meals, 0) as integer) as meal_count,
    cast(coalesce(meal.amount, 0) as decimal(14, 2)) as amount
from trade
left join meal
    on trade.person_key = meal.person_key and trade.year = meal.year and trade.month = meal.month
