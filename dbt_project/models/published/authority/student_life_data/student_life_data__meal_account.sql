with account as (

    select * from {{ ref('stg_student_meal_card__meal_account') }}
    where ended_at is null

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    student.person_key,
    account.card_no,
    account.student_no,
    student.college_code,
    account.card_status,
    account.opened_date,
    account.balance,
    account.updated_at
from account
left join student on account.student_no = student.student_no
