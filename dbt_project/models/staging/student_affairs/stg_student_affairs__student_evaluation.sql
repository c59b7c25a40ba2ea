with source as (

    {{ latest_rows(source('student_affairs', 'student_evaluation'), ['student_no', 'academic_year']) }}

),

renamed as (

    select
        -- ids
        student_no,
        -- text
        academic_year,
        -- numbers
        moral_score,
        academic_score,
        physical_score,
        aesthetic_labour_score,
        bonus_score,
        total_score,
        class_rank,
        major_rank,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
