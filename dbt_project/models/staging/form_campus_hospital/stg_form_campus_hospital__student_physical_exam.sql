with source as (

    {{ latest_rows(source('form_campus_hospital', 'student_physical_exam'), ['student_no', 'exam_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        -- text
        exam_kind,
        health_status,
        {{ label('health_status', 'health_status') }} as health_status_label,
        -- booleans
        infectious_positive as is_infectious_positive,
        follow_up as is_follow_up,
        -- dates
        exam_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
