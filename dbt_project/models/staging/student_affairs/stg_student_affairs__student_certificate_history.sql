-- Grain: one version of student_no、exam_code、exam_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_certificate'), ['student_no', 'exam_code', 'exam_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
