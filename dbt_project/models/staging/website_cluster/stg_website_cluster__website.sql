with source as (

    {{ snapshot_rows(source('website_cluster', 'website'), ['site_code']) }}

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
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
