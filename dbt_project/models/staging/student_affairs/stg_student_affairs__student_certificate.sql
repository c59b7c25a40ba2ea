with source as (

    {{ latest_rows(source('student_affairs', 'student_certificate'), ['student_no', 'exam_code', 'exam_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        exam_code,
        certificate_no,
        -- text
        grade,
        -- numbers
        score,
        -- booleans
        passed as is_passed,
        -- dates
        exam_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
