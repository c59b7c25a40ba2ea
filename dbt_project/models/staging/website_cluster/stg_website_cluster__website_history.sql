-- Grain: one version of site_code, valid from <= moment < to.
{% set tracked = [
    'site_name', 'domain', 'unit_code', 'admin_staff_no', 'icp_no', 'mlps_level', 'status'
] %}

with source as (

    {{ snapshot_spans(source('website_cluster', 'website'), ['site_code'], tracked) }}

),

renamed as (

    select
        -- ids
        site_code,
        unit_code,
        admin_staff_no,
        icp_no,
        -- text
        site_name,
        domain,
        mlps_level,
        {{ label('mlps_level', 'mlps_level') }} as mlps_level_label,
        status,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
