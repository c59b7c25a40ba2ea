with source as (

    {{ snapshot_rows(source('student_affairs', 'student_status'), ['student_no']) }}

),

renamed as (

    select
        -- ids
        student_no,
        upper(id_card_no) as id_card_no,
        college_code,
        major_code,
        class_code,
        counselor_staff_no,
        -- text
        name,
        sex,
        id_doc_type as id_document_type,
        ethnicity,
        political_affiliation,
        native_place,
        origin_place,
        household_type,
        overseas_status,
        student_category,
        cultivation_level,
        entry_mode,
        expected_graduation,
        current_status,
        register_status,
        residence_mode,
        -- numbers
        grade_year,
        school_years,
        -- dates
        birth_date,
        entry_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
