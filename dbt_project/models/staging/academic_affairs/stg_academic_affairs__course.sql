with source as (

    {{ snapshot_rows(source('academic_affairs', 'course'), ['course_code']) }}

),

renamed as (

    select
        -- ids
        course_code,
        unit_code,
        -- text
        course_name,
        course_category,
        {{ label('course_category', 'course_category') }} as course_category_label,
        course_nature,
        {{ label('course_nature', 'course_nature') }} as course_nature_label,
        -- numbers
        credits,
        hours_total,
        hours_theory,
        hours_experiment,
        hours_practice,
        -- booleans
        is_core,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
