-- Grain: one version of article_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('website_cluster', 'website_article'), ['article_id']) }}

),

renamed as (

    select
        -- ids
        article_id,
        site_code,
        publisher_staff_no,
        reviewed_by,
        -- text
        column_name,
        title,
        -- dates
        published_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
