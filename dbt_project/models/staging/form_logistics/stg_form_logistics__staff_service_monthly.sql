with source as (

    {{ latest_rows(source('form_logistics', 'staff_service_monthly'), ['service_code', 'month']) }}

),

renamed as (

    select
        -- ids
        service_code,
        -- numbers
        uses,
        amount,
        complaints,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
