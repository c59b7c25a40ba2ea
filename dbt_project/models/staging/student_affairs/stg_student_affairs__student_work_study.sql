with source as (

    {{ latest_rows(source('student_affairs', 'student_work_study'), ['student_no', 'post_no', 'month']) }}

),

renamed as (

    select
        -- ids
        student_no,
        post_no,
        unit_code,
        -- text
        post_type,
        {{ label('post_type', 'work_study_type') }} as post_type_label,
        -- numbers
        hours,
        pay,
        -- dates
        month,
        paid_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
