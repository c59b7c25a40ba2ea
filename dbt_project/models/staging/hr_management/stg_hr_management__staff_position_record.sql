with source as (

    {{ latest_rows(source('hr_management', 'staff_position_record'), ['staff_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        seq,
        unit_code,
        document_no,
        -- text
        establishment_type,
        post_category,
        position_name,
        position_type,
        position_grade,
        -- booleans
        is_double_shoulder,
        is_current,
        -- dates
        document_date,
        effective_date,
        end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
