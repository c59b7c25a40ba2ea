with source as (

    {{ latest_rows(source('student_mental_health', 'psych_screening'), ['student_no', 'survey_code']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
