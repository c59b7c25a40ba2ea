{{ config(materialized='growing', grows_by='int_life__meal_transaction', key=['student_no', 'trade_date']) }}
-- Grain: student number and day (Beijing) with spending at a canteen window. Summed once from many million
-- transactions, for all that counts days or money of days.
with trade as (

    select * from {{ ref('int_life__meal_transaction') }}
    where transaction_type = '消费' and merchant_kind = '餐饮'

)

select
    person_key,
    student_no,
    trade_date,
    count(*) as meal_count,
    cast(sum(amount) as decimal(14, 2)) as amount,
    max(case when meal_period = '早' then 1 else 0 end) as breakfasts
from trade
group by person_key, student_no, trade_date
