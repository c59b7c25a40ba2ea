-- Grain: one version of major_code, valid from <= moment < to.
{% set tracked = [
    'major_name', 'catalogue_code', 'catalogue_version', 'degree_category', 'level', 'college_code',
    'school_years', 'set_up_year', 'recruit_status', 'is_new', 'total_credits', 'required_credits',
    'practice_credits', 'experiment_credits'
] %}

with source as (

    {{ snapshot_spans(source('academic_affairs', 'major'), ['major_code'], tracked) }}

),

renamed as (

    select
        -- ids
        major_code,
        catalogue_code,
        college_code,
        -- text
        major_name,
        catalogue_version,
        degree_category,
        {{ label('degree_category', 'academic_discipline_category') }} as degree_category_label,
        level,
        {{ label('level', 'cultivation_level') }} as level_label,
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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
