{{ config(materialized='growing', grows_by='stg_student_meal_card__meal_transaction', key=['transaction_no']) }}
-- Grain: one card transaction that holds, with the person it belongs to. Stored once: the published tables
-- of single transactions are views of it and of nothing that is not stored, so a release can read them alone.
with trade as (

    select * from {{ ref('stg_student_meal_card__meal_transaction') }}

),

person as (

    select * from {{ ref('int_people__student_number') }}

),

merchant as (

    select * from {{ ref('stg_student_meal_card__meal_merchant') }}

)

select
    person.person_key,
    trade.transaction_no,
    trade.card_no,
    trade.student_no,
    trade.transaction_type,
    trade.amount,
    trade.balance_after,
    trade.merchant_no,
    merchant.merchant_name,
    merchant.canteen,
    merchant.merchant_kind,
    trade.meal_period,
    trade.pos_no,
    trade.traded_at,
    {{ beijing_date('trade.traded_at') }} as trade_date,
    trade.updated_at
from trade
left join person on trade.student_no = person.number
left join merchant on trade.merchant_no = merchant.merchant_no
