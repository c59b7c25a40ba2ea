with source as (

    select * from {{ ref('stg_student_mental_health__psych_counselling') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.session_id,
    source.student_no,
    source.counsellor_staff_no,
    source.session_date,
    source.session_type,
    source.problem_class,
    source.is_referred,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
