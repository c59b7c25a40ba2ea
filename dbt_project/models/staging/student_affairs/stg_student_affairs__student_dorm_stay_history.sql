-- Grain: one version of student_no、check_in_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_dorm_stay'), ['student_no', 'check_in_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        room_code,
        bed_no,
        -- numbers
        late_return_count,
        -- dates
        check_in_date,
        check_out_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
