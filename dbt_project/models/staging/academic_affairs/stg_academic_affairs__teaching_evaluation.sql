with source as (

    {{ latest_rows(source('academic_affairs', 'teaching_evaluation'), ['class_no', 'staff_no', 'evaluator_group']) }}

),

renamed as (

    select
        -- ids
        class_no,
        staff_no,
        term_code,
        -- text
        evaluator_group,
        grade_label,
        -- numbers
        rater_count,
        due_count,
        score,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
