with trade as (

    select * from {{ ref('int_life__meal_transaction') }}
    where transaction_type = '消费' and merchant_kind = '餐饮'

)

select
    person_key,
    trade_date as meal_date,
    cast(count(*) as integer) as meal_count,
    cast(sum(amount) as decimal(14, 2)) as amount
from trade
where person_key is not null
group by person_key, trade_date
