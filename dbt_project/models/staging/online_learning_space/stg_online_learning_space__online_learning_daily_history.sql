-- Grain: one version of student_no、online_course_no、activity_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('online_learning_space', 'online_learning_daily'), ['student_no', 'online_course_no', 'activity_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
