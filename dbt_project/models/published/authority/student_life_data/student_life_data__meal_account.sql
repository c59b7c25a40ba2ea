with source as (

    select * from {{ ref('stg_student_meal_card__meal_account') }}
    where ended_at is null

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.card_no,
    source.student_no,
    source.card_status,
    source.opened_date,
    source.balance,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
