with student as (

    select * from {{ ref('stg_student_affairs__student_status') }}
    where ended_at is null

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'student'

)

select
    number.person_key,
    student.student_no,
    student.name,
    student.sex,
    student.birth_date,
    student.id_document_type,
    student.id_card_no,
    student.ethnicity,
    student.political_affiliation,
    student.native_place,
    student.origin_place,
    student.household_type,
    student.overseas_status,
    student.student_category,
    student.cultivation_level,
    student.entry_mode,
    student.entry_date,
    student.grade_year,
    student.college_code,
    student.major_code,
    student.class_code,
    student.school_years,
    student.expected_graduation,
    student.current_status,
    student.register_status,
    student.residence_mode,
    student.counselor_staff_no,
    student.updated_at
from student
left join number on student.student_no = number.number
