with source as (

    {{ latest_rows(source('academic_affairs', 'teaching_performance'), ['staff_no', 'academic_year']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        -- text
        academic_year,
        -- numbers
        course_count,
        class_count,
        classroom_hours,
        practice_hours,
        workload_total,
        undergraduate_hours,
        thesis_students,
        teaching_projects,
        teaching_awards,
        teaching_accidents,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
