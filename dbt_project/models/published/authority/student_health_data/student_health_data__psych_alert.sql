with source as (

    select * from {{ ref('stg_student_mental_health__psych_alert') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.alert_id,
    source.student_no,
    source.level,
    source.opened_date,
    source.closed_date,
    source.outcome,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
