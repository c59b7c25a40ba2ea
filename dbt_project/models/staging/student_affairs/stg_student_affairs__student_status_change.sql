with source as (

    {{ latest_rows(source('student_affairs', 'student_status_change'), ['change_id']) }}

),

renamed as (

    select
        -- ids
        change_id,
        student_no,
        document_no,
        -- text
        change_type,
        change_reason,
        from_college,
        to_college,
        from_major,
        to_major,
        from_class,
        to_class,
        from_status,
        to_status,
        -- dates
        apply_date,
        effective_date,
        approved_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
