with source as (

    {{ latest_of_many_rows(source('academic_affairs', 'course_grade'), ['student_no', 'class_no', 'exam_nature']) }}

),

renamed as (

    select
        -- ids
        student_no,
        class_no,
        course_code,
        term_code,
        -- text
        exam_nature,
        {{ label('exam_nature', 'exam_nature') }} as exam_nature_label,
        exam_mode,
        {{ label('exam_mode', 'exam_mode') }} as exam_mode_label,
        grade_label,
        absent_cheat,
        {{ label('absent_cheat', 'exam_absent_cheat') }} as absent_cheat_label,
        -- numbers
        usual_score,
        final_score,
        total_score,
        grade_point,
        credits_earned,
        -- booleans
        passed,
        -- dates
        recorded_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
