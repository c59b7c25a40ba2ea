with source as (

    select * from {{ ref('stg_student_affairs__student_status_change') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.change_id,
    source.student_no,
    source.change_type,
    source.change_reason,
    source.apply_date,
    source.effective_date,
    source.approved_date,
    source.document_no,
    source.from_college,
    source.to_college,
    source.from_major,
    source.to_major,
    source.from_class,
    source.to_class,
    source.from_status,
    source.to_status,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
