-- Grain: one version of staff_no、academic_year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_colleges', 'staff_academic_affiliation'), ['staff_no', 'academic_year']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
