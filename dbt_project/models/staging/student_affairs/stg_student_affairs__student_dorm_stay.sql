with source as (

    {{ latest_rows(source('student_affairs', 'student_dorm_stay'), ['student_no', 'check_in_date']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
