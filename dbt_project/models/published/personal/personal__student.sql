with student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

version as (

    select * from {{ ref('dim_student') }}
    where is_latest

),

unit as (

    select * from {{ ref('dim_organisation') }}

),

major as (

    select * from {{ ref('dim_major') }}

),

counselor as (

    select staff_no, name from {{ ref('stg_hr_management__staff_basic') }}

),

credit as (

    select student_no, sum(credits_earned) as total_credits
    from {{ ref('fct_enrolment') }}
    where not is_dropped
    group by student_no

)

select
    version.person_key,
    student.student_no,
    student.name,
    {{ label('student.sex', 'sex') }} as sex,
    student.birth_date,
    {{ label('student.id_document_type', 'id_document_type') }} as id_document_type,
    student.id_card_no,
    {{ label('student.ethnicity', 'ethnicity') }} as ethnicity,
    {{ label('student.political_affiliation', 'political_affiliation') }} as political_affiliation,
    student.native_place_label as native_place,
    student.origin_place_label as origin_place,
    {{ label('student.household_type', 'household_type') }} as household_type,
    {{ label('student.overseas_status', 'overseas_status') }} as overseas_status,
    {{ label('student.student_category', 'student_category_he') }} as student_category,
    {{ label('student.cultivation_level', 'cultivation_level') }} as cultivation_level,
    {{ label('student.entry_mode', 'entry_mode') }} as entry_mode,
    student.entry_date,
    student.grade_year,
    version.college_code,
    unit.unit_name as college_name,
    version.major_code,
    major.major_name,
    version.class_code,
    student.school_years,
    student.expected_graduation,
    {{ label('version.current_status', 'student_current_status') }} as current_status,
    {{ label('student.register_status', 'register_status') }} as register_status,
    {{ label('student.residence_mode', 'residence_mode') }} as residence_mode,
    counselor.name as counselor_name,
    cast(coalesce(credit.total_credits, 0) as decimal(10, 4)) as total_credits,
    student.updated_at
from student
inner join version on student.student_no = version.student_no
left join unit on version.college_code = unit.unit_code
left join major on version.major_code = major.major_code
left join counselor on student.counselor_staff_no = counselor.staff_no
left join credit on student.student_no = credit.student_no
