with source as (

    {{ latest_of_many_rows(source('online_learning_space', 'online_assignment'), ['submission_id']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
