-- Grain: one version of change_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_status_change'), ['change_id']) }}

),

renamed as (

    select
        -- ids
        change_id,
        student_no,
        document_no,
        from_college,
        to_college,
        from_major,
        to_major,
        -- text
        change_type,
        {{ label('change_type', 'enrollment_change_type') }} as change_type_label,
        change_reason,
        {{ label('change_reason', 'enrollment_change_reason') }} as change_reason_label,
        from_class,
        to_class,
        from_status,
        {{ label('from_status', 'student_current_status') }} as from_status_label,
        to_status,
        {{ label('to_status', 'student_current_status') }} as to_status_label,
        -- dates
        apply_date,
        effective_date,
        approved_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
