with source as (

    {{ latest_rows(source('academic_affairs', 'teaching_class'), ['class_no']) }}

),

renamed as (

    select
        -- ids
        class_no,
        term_code,
        course_code,
        lead_staff_no,
        room_code,
        -- text
        other_staff_nos,
        teaching_mode,
        {{ label('teaching_mode', 'teaching_mode') }} as teaching_mode_label,
        exam_form,
        {{ label('exam_form', 'exam_form') }} as exam_form_label,
        weeks,
        -- numbers
        hours,
        capacity,
        enrolled,
        weekday,
        start_period,
        end_period,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
