with record as (

    select * from {{ ref('stg_academic_affairs__teaching_performance') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.academic_year,
    record.course_count,
    record.class_count,
    record.classroom_hours,
    record.practice_hours,
    record.workload_total,
    record.undergraduate_hours,
    record.thesis_students,
    record.teaching_projects,
    record.teaching_awards,
    record.teaching_accidents,
    record.updated_at
from record
inner join number on record.staff_no = number.number
