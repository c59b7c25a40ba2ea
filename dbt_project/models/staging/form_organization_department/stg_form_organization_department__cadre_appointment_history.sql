-- Grain: one version of document_no、staff_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_organization_department', 'cadre_appointment'), ['document_no', 'staff_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
