with source as (

    {{ latest_rows(source('online_learning_space', 'online_course'), ['online_course_no']) }}

),

renamed as (

    select
        -- ids
        online_course_no,
        class_no,
        term_code,
        owner_staff_no,
        -- text
        course_kind,
        -- numbers
        resource_count,
        video_minutes,
        enrolled,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
