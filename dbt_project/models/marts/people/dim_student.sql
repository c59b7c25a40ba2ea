with history as (

    select * from {{ ref('int_people__student_history') }}

),

student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    {{ hash_key("'student:' || history.student_no || ':' || cast(history.valid_from as string)") }} as student_version_key,
    number.person_key,
    history.student_no,
    student.student_category,
    student.cultivation_level,
    student.entry_mode,
    student.entry_date,
    student.grade_year,
    history.college_code,
    history.major_code,
    history.class_code,
    history.current_status,
    history.current_status in {{ enrolled_statuses() }} and history.valid_to is null as is_enrolled,
    history.valid_from,
    history.valid_to,
    history.is_latest
from history
inner join student on history.student_no = student.student_no
inner join number on history.student_no = number.number
