-- Grain: one version of student_no, valid from <= moment < to.
{% set tracked = [
    'name', 'sex', 'birth_date', 'id_doc_type', 'id_card_no', 'ethnicity', 'political_affiliation',
    'native_place', 'origin_place', 'household_type', 'overseas_status', 'student_category',
    'cultivation_level', 'entry_mode', 'entry_date', 'grade_year', 'college_code', 'major_code',
    'class_code', 'school_years', 'expected_graduation', 'current_status', 'register_status',
    'residence_mode', 'counselor_staff_no'
] %}

with source as (

    {{ snapshot_spans(source('student_affairs', 'student_status'), ['student_no'], tracked) }}

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
        {{ label('sex', 'sex') }} as sex_label,
        id_doc_type as id_document_type,
        {{ label('id_doc_type', 'id_document_type') }} as id_document_type_label,
        ethnicity,
        {{ label('ethnicity', 'ethnicity') }} as ethnicity_label,
        political_affiliation,
        {{ label('political_affiliation', 'political_affiliation') }} as political_affiliation_label,
        native_place,
        {{ label('native_place', 'administrative_division') }} as native_place_label,
        origin_place,
        {{ label('origin_place', 'administrative_division') }} as origin_place_label,
        household_type,
        {{ label('household_type', 'household_type') }} as household_type_label,
        overseas_status,
        {{ label('overseas_status', 'overseas_status') }} as overseas_status_label,
        student_category,
        {{ label('student_category', 'student_category_he') }} as student_category_label,
        cultivation_level,
        {{ label('cultivation_level', 'cultivation_level') }} as cultivation_level_label,
        entry_mode,
        {{ label('entry_mode', 'entry_mode') }} as entry_mode_label,
        current_status,
        {{ label('current_status', 'student_current_status') }} as current_status_label,
        register_status,
        {{ label('register_status', 'register_status') }} as register_status_label,
        residence_mode,
        {{ label('residence_mode', 'residence_mode') }} as residence_mode_label,
        -- numbers
        grade_year,
        school_years,
        -- dates
        birth_date,
        entry_date,
        expected_graduation,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
