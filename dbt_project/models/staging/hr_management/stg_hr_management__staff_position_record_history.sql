-- Grain: one version of staff_no、seq, valid from <= moment < to.
with source as (

    {{ row_spans(source('hr_management', 'staff_position_record'), ['staff_no', 'seq']) }}

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
        {{ label('establishment_type', 'establishment_type') }} as establishment_type_label,
        post_category,
        position_name,
        position_type,
        {{ label('position_type', 'position_type') }} as position_type_label,
        position_grade,
        {{ label('position_grade', 'post_grade') }} as position_grade_label,
        -- booleans
        is_double_shoulder,
        is_current,
        -- dates
        document_date,
        effective_date,
        end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
