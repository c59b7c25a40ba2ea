with account as (

    select * from {{ ref('stg_student_meal_card__meal_account') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'student'

)

select
    number.person_key,
    account.card_no,
    account.card_status,
    account.opened_date,
    account.balance,
    {{ beijing_date('account.ended_at') }} as ended_on,
    account.updated_at
from account
inner join number on account.student_no = number.number
