with source as (

    {{ latest_rows(source('software_licensing', 'software_activation'), ['activation_id']) }}

),

renamed as (

    select
        -- ids
        activation_id,
        license_no,
        account,
        -- text
        device_kind,
        -- dates
        activated_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
