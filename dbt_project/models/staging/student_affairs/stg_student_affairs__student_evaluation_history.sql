-- Grain: one version of student_no、academic_year, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_evaluation'), ['student_no', 'academic_year']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
