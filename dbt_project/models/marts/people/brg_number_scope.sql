with student as (

    select * from {{ ref('dim_student') }}
    where is_latest

),

staff as (

    select * from {{ ref('dim_staff') }}
    where is_latest

)

select
    'student' as kind,
    student_no as number,
    person_key,
    college_code
from student
union all
select
    'staff' as kind,
    staff_no as number,
    person_key,
    college_code
from staff
