{{ config(materialized='view') }}

with trade as (

    select * from {{ ref('int_life__meal_transaction') }}

),

student as (

    select student_no, college_code from {{ ref('dim_student') }}
    where is_latest

)

select
    trade.person_key,
    trade.transaction_no,
    trade.card_no,
    trade.student_no,
    student.college_code,
    trade.transaction_type,
    trade.amount,
    trade.balance_after,
    trade.merchant_no,
    trade.meal_period,
    trade.traded_at
from trade
left join student on trade.student_no = student.student_no
