with source as (

    {{ latest_rows(source('form_colleges', 'staff_academic_affiliation'), ['staff_no', 'academic_year']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        major_code,
        submitted_by,
        -- text
        academic_year,
        research_direction,
        discipline,
        {{ label('discipline', 'discipline_level1') }} as discipline_label,
        -- booleans
        is_dual_qualified,
        has_engineering_background,
        has_industry_background,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
