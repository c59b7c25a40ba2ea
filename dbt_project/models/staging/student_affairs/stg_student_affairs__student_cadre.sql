with source as (

    {{ latest_rows(source('student_affairs', 'student_cadre'), ['student_no', 'post', 'start_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        -- text
        organization,
        post,
        post_level,
        appraisal,
        -- dates
        start_date,
        end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
