{{ config(materialized='view') }}

with trade as (

    select * from {{ ref('int_life__meal_transaction') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    trade.person_key,
    trade.transaction_no,
    trade.card_no,
    trade.student_no,
    trade.traded_at,
    trade.transaction_type,
    trade.amount,
    trade.balance_after,
    trade.merchant_no,
    trade.meal_period,
    trade.pos_no,
    scope.college_code,
    trade.updated_at
from trade
left join scope on trade.student_no = scope.number
