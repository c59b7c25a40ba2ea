-- Grain: one version of exam_no、step_code, valid from <= moment < to.
with source as (

    {{ row_spans(source('freshman_onboarding', 'onboarding_step'), ['exam_no', 'step_code']) }}

),

renamed as (

    select
        -- ids
        exam_no,
        step_code,
        operator_staff_no,
        -- text
        result,
        -- dates
        done_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
