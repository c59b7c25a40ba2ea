with source as (

    {{ latest_rows(source('hr_management', 'staff_title_record'), ['staff_no', 'title_code', 'award_date']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        document_no,
        -- text
        title_code,
        {{ label('title_code', 'professional_title') }} as title_code_label,
        title_level,
        {{ label('title_level', 'title_level') }} as title_level_label,
        engage_status,
        {{ label('engage_status', 'appointment_status') }} as engage_status_label,
        -- numbers
        title_post_grade,
        -- booleans
        is_current,
        -- dates
        award_date,
        engaged_date,
        document_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
