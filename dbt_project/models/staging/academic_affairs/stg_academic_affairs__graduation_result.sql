with source as (

    {{ latest_rows(source('academic_affairs', 'graduation_result'), ['student_no']) }}

),

renamed as (

    select
        -- ids
        student_no,
        certificate_no,
        degree_certificate_no,
        -- text
        graduation_term,
        result,
        degree,
        {{ label('degree', 'degree') }} as degree_label,
        -- numbers
        gpa,
        total_credits,
        thesis_score,
        -- booleans
        degree_awarded as is_degree_awarded,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
