with source as (

    {{ latest_rows(source('hr_management', 'staff_education_record'), ['staff_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        seq,
        -- text
        education_level,
        {{ label('education_level', 'education_level') }} as education_level_label,
        degree,
        {{ label('degree', 'degree') }} as degree_label,
        school_name,
        school_country,
        origin_relation,
        major_name,
        discipline,
        {{ label('discipline', 'discipline_level1') }} as discipline_label,
        -- booleans
        is_highest_education,
        is_highest_degree,
        -- dates
        award_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
