-- Grain: one version of staff_no、seq, valid from <= moment < to.
with source as (

    {{ row_spans(source('hr_management', 'staff_education_record'), ['staff_no', 'seq']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
