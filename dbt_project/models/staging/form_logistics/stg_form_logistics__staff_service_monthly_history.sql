-- Grain: one version of service_code、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_logistics', 'staff_service_monthly'), ['service_code', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
