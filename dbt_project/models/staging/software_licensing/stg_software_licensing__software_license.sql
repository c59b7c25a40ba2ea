with source as (

    {{ snapshot_rows(source('software_licensing', 'software_license'), ['license_no']) }}

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
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
