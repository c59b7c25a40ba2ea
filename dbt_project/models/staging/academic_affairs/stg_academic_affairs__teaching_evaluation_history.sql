-- Grain: one version of class_no、staff_no、evaluator_group, valid from <= moment < to.
with source as (

    {{ row_spans(source('academic_affairs', 'teaching_evaluation'), ['class_no', 'staff_no', 'evaluator_group']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
