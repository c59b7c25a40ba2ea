with source as (

    select * from {{ ref('stg_student_mental_health__psych_screening') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.survey_code,
    source.scale,
    source.taken_at,
    source.is_valid,
    source.screening_level,
    source.is_follow_up_required,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
