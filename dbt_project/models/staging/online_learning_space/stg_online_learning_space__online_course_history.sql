-- Grain: one version of online_course_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('online_learning_space', 'online_course'), ['online_course_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
