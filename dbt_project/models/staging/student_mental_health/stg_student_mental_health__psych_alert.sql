with source as (

    {{ latest_rows(source('student_mental_health', 'psych_alert'), ['alert_id']) }}

),

renamed as (

    select
        -- ids
        alert_id,
        student_no,
        -- text
        level,
        {{ label('level', 'psych_alert_level') }} as level_label,
        outcome,
        -- dates
        opened_date,
        closed_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
