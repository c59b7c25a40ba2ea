with source as (

    select * from {{ ref('stg_form_campus_hospital__student_physical_exam') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.exam_date,
    source.exam_kind,
    source.health_status,
    source.is_infectious_positive,
    source.is_follow_up,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
