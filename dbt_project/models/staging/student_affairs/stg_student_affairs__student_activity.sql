with source as (

    {{ latest_rows(source('student_affairs', 'student_activity'), ['activity_no', 'student_no']) }}

),

renamed as (

    select
        -- ids
        activity_no,
        student_no,
        -- text
        activity_type,
        activity_name,
        practice_type,
        {{ label('practice_type', 'practice_type') }} as practice_type_label,
        practice_level,
        {{ label('practice_level', 'practice_level') }} as practice_level_label,
        club_name,
        club_class,
        role,
        result,
        -- numbers
        service_hours,
        -- dates
        start_date,
        end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
