-- Grain: one version of student_no、class_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('academic_affairs', 'course_selection'), ['student_no', 'class_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
