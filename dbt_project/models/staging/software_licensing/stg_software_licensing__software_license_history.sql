-- Grain: one version of license_no, valid from <= moment < to.
{% set tracked = [
    'product', 'vendor', 'license_kind', 'seats', 'start_date', 'end_date', 'cost', 'asset_no'
] %}

with source as (

    {{ snapshot_spans(source('software_licensing', 'software_license'), ['license_no'], tracked) }}

),

renamed as (

    select
        -- ids
        license_no,
        asset_no,
        -- text
        product,
        vendor,
        license_kind,
        -- numbers
        seats,
        cost,
        -- dates
        start_date,
        end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
