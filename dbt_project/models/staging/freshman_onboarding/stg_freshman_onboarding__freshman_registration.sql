with source as (

    {{ latest_rows(source('freshman_onboarding', 'freshman_registration'), ['exam_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
