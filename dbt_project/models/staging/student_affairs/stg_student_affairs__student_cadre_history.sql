-- Grain: one version of student_no、post、start_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_cadre'), ['student_no', 'post', 'start_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
