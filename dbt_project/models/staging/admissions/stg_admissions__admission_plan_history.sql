-- Grain: one version of plan_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('admissions', 'admission_plan'), ['plan_no']) }}

),

renamed as (

    select
        -- ids
        plan_no,
        major_code,
        -- text
        province,
        {{ label('province', 'administrative_division') }} as province_label,
        batch,
        subject_group,
        -- numbers
        year,
        plan_count,
        control_line,
        min_score,
        avg_score,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
