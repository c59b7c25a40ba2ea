with change as (

    select * from {{ ref('stg_student_affairs__student_status_change') }}

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    student.person_key,
    change.change_id,
    change.student_no,
    student.college_code,
    change.change_type,
    change.change_reason,
    change.apply_date,
    change.effective_date,
    change.approved_date,
    change.document_no,
    change.from_college,
    change.to_college,
    change.from_major,
    change.to_major,
    change.from_class,
    change.to_class,
    change.from_status,
    change.to_status,
    change.updated_at
from change
left join student on change.student_no = student.student_no
