-- Grain: one version of student_no、post_no、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_work_study'), ['student_no', 'post_no', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
