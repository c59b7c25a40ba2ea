-- A candidate has no student number yet; the registration that followed names it, where there was one.
with source as (

    select * from {{ ref('stg_freshman_onboarding__onboarding_step') }}

),

registration as (

    select exam_no, student_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.exam_no,
    source.step_code,
    source.done_at,
    source.operator_staff_no,
    source.result,
    scope.college_code,
    source.updated_at
from source
left join registration on source.exam_no = registration.exam_no
left join scope on registration.student_no = scope.number
