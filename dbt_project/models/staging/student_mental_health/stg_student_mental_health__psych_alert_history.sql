-- Grain: one version of alert_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_mental_health', 'psych_alert'), ['alert_id']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
