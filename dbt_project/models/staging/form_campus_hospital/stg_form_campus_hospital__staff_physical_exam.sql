with source as (

    {{ latest_rows(source('form_campus_hospital', 'staff_physical_exam'), ['staff_no', 'year']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        year,
        -- text
        health_status,
        {{ label('health_status', 'health_status') }} as health_status_label,
        -- booleans
        chronic_flag as is_chronic_flag,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
