-- Grain: one version of student_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('academic_affairs', 'graduation_result'), ['student_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
