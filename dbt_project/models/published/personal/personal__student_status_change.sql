with change as (

    select * from {{ ref('stg_student_affairs__student_status_change') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'student'

),

unit as (

    select unit_code, unit_name from {{ ref('dim_organisation') }}

),

major as (

    select major_code, major_name from {{ ref('dim_major') }}

)

select
    number.person_key,
    change.change_id,
    change.effective_date,
    {{ label('change.change_type', 'enrollment_change_type') }} as change_type,
    {{ label('change.change_reason', 'enrollment_change_reason') }} as change_reason,
    coalesce(from_college.unit_name, change.from_college) as from_college,
    coalesce(to_college.unit_name, change.to_college) as to_college,
    coalesce(from_major.major_name, change.from_major) as from_major,
    coalesce(to_major.major_name, change.to_major) as to_major,
    change.from_class,
    change.to_class,
    {{ label('change.from_status', 'student_current_status') }} as from_status,
    {{ label('change.to_status', 'student_current_status') }} as to_status,
    change.apply_date,
    change.approved_date,
    change.document_no,
    change.updated_at
from change
inner join number on change.student_no = number.number
left join unit as from_college on change.from_college = from_college.unit_code
left join unit as to_college on change.to_college = to_college.unit_code
left join major as from_major on change.from_major = from_major.major_code
left join major as to_major on change.to_major = to_major.major_code
