with source as (

    {{ latest_rows(source('student_affairs', 'student_education_history'), ['student_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        student_no,
        seq,
        -- text
        school_name,
        school_place,
        {{ label('school_place', 'administrative_division') }} as school_place_label,
        role,
        witness,
        -- dates
        start_month,
        end_month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
