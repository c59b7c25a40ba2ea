-- Grain: one version of activation_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('software_licensing', 'software_activation'), ['activation_id']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
