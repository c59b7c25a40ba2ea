with source as (

    {{ latest_rows(source('form_organization_department', 'cadre_appointment'), ['document_no', 'staff_no']) }}

),

renamed as (

    select
        -- ids
        document_no,
        staff_no,
        unit_code,
        -- text
        action,
        position_name,
        position_type,
        {{ label('position_type', 'position_type') }} as position_type_label,
        position_grade,
        {{ label('position_grade', 'post_grade') }} as position_grade_label,
        -- dates
        document_date,
        probation_end as probation_end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
