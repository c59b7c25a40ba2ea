with source as (

    select * from {{ ref('stg_student_affairs__student_status') }}
    where ended_at is null

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.name,
    source.sex,
    source.birth_date,
    source.id_document_type,
    source.id_card_no,
    {{ keyed_hash('source.id_card_no') }} as id_card_hash,
    source.ethnicity,
    source.political_affiliation,
    source.native_place,
    source.origin_place,
    source.household_type,
    source.overseas_status,
    source.student_category,
    source.cultivation_level,
    source.entry_mode,
    source.entry_date,
    source.grade_year,
    source.college_code,
    source.major_code,
    source.class_code,
    source.school_years,
    source.expected_graduation,
    source.current_status,
    source.register_status,
    source.residence_mode,
    source.counselor_staff_no,
    source.updated_at
from source
left join scope on source.student_no = scope.number
