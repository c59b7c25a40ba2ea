-- Grain: one version of exam_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('admissions', 'admission_record'), ['exam_no']) }}

),

renamed as (

    select
        -- ids
        exam_no,
        upper(id_card_no) as id_card_no,
        major_code,
        -- text
        name,
        sex,
        {{ label('sex', 'sex') }} as sex_label,
        ethnicity,
        {{ label('ethnicity', 'ethnicity') }} as ethnicity_label,
        political_affiliation,
        {{ label('political_affiliation', 'political_affiliation') }} as political_affiliation_label,
        province,
        {{ label('province', 'administrative_division') }} as province_label,
        middle_school,
        candidate_type,
        admission_type,
        {{ label('admission_type', 'admission_type') }} as admission_type_label,
        batch,
        subject_group,
        address,
        phone,
        -- numbers
        year,
        total_score,
        preference_rank,
        -- dates
        birth_date,
        admitted_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
