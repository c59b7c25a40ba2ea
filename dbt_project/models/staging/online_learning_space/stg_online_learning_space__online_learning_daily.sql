with source as (

    {{ latest_of_many_rows(source('online_learning_space', 'online_learning_daily'), ['student_no', 'online_course_no', 'activity_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        online_course_no,
        -- numbers
        visits,
        video_seconds,
        tasks_done,
        posts,
        -- dates
        activity_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
