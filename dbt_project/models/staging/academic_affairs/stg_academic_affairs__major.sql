with source as (

    {{ snapshot_rows(source('academic_affairs', 'major'), ['major_code']) }}

),

renamed as (

    select
        -- ids
        major_code,
        college_code,
        -- text
        major_name,
        catalogue_code,
        catalogue_version,
        degree_category,
        {{ label('degree_category', 'academic_discipline_category') }} as degree_category_label,
        level as cultivation_level,
        {{ label('level', 'cultivation_level') }} as cultivation_level_label,
        recruit_status,
        -- numbers
        school_years,
        set_up_year,
        total_credits,
        required_credits,
        practice_credits,
        experiment_credits,
        -- booleans
        is_new,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
