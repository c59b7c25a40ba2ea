with source as (

    {{ latest_rows(source('form_labor_union', 'staff_checkup_plan'), ['staff_no', 'year']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        year,
        -- text
        package,
        -- booleans
        due as is_due,
        attended as is_attended,
        -- dates
        attended_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
