with source as (

    {{ latest_rows(source('admissions', 'admission_plan'), ['plan_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
