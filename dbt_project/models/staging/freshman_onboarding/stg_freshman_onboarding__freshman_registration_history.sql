-- Grain: one version of exam_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('freshman_onboarding', 'freshman_registration'), ['exam_no']) }}

),

renamed as (

    select
        -- ids
        exam_no,
        student_no,
        -- text
        report_status,
        no_show_reason,
        transport,
        -- numbers
        companion_count,
        -- booleans
        green_channel as is_green_channel,
        -- dates
        reported_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
