{{ config(materialized='view') }}

-- What student management needs of the same rows: no identity document, no birth date.
select
    person_key,
    student_no,
    name,
    sex,
    political_affiliation,
    grade_year,
    college_code,
    major_code,
    class_code,
    current_status,
    register_status,
    residence_mode,
    counselor_staff_no,
    updated_at
from {{ ref('student_enrollment_data__student_status') }}
