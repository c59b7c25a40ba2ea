-- Grain: one version of student_no、survey_code, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_mental_health', 'psych_screening'), ['student_no', 'survey_code']) }}

),

renamed as (

    select
        -- ids
        student_no,
        survey_code,
        -- text
        scale,
        screening_level,
        {{ label('screening_level', 'psych_alert_level') }} as screening_level_label,
        -- booleans
        is_valid,
        follow_up_required as is_follow_up_required,
        -- dates
        taken_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
