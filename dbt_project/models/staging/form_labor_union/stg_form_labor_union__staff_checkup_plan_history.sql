-- Grain: one version of staff_no、year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_labor_union', 'staff_checkup_plan'), ['staff_no', 'year']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
