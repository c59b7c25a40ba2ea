with source as (

    {{ latest_rows(source('form_labor_union', 'staff_welfare'), ['record_no']) }}

),

renamed as (

    select
        -- ids
        record_no,
        staff_no,
        -- text
        benefit_type,
        -- numbers
        amount,
        -- dates
        benefit_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
