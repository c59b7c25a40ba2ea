with source as (

    {{ latest_rows(source('website_cluster', 'website_visit_daily'), ['site_code', 'visit_date']) }}

),

renamed as (

    select
        -- ids
        site_code,
        -- numbers
        page_views,
        visitors,
        attacks_blocked,
        -- dates
        visit_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
