with source as (

    {{ latest_rows(source('freshman_onboarding', 'onboarding_step'), ['exam_no', 'step_code']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
