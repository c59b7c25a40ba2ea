with source as (

    select * from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.exam_no,
    source.student_no,
    source.report_status,
    source.reported_at,
    source.no_show_reason,
    source.is_green_channel,
    source.transport,
    source.companion_count,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
