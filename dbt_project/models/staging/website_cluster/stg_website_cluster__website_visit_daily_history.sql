-- Grain: one version of site_code、visit_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('website_cluster', 'website_visit_daily'), ['site_code', 'visit_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
