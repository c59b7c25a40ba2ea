-- Grain: one version of staff_no、year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_campus_hospital', 'staff_physical_exam'), ['staff_no', 'year']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
