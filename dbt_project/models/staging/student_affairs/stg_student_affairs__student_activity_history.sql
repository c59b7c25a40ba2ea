-- Grain: one version of activity_no、student_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_activity'), ['activity_no', 'student_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
