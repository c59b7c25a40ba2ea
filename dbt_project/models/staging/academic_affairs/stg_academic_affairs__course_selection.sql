with source as (

    {{ latest_of_many_rows(source('academic_affairs', 'course_selection'), ['student_no', 'class_no']) }}

),

renamed as (

    select
        -- ids
        student_no,
        class_no,
        -- text
        course_attribute,
        {{ label('course_attribute', 'course_attribute') }} as course_attribute_label,
        -- booleans
        is_retake,
        -- dates
        selected_at,
        dropped_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
