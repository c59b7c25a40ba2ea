-- Grain: one version of submission_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('online_learning_space', 'online_assignment'), ['submission_id']) }}

),

renamed as (

    select
        -- ids
        submission_id,
        student_no,
        online_course_no,
        -- text
        task_type,
        -- numbers
        score,
        full_score,
        -- dates
        submitted_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
