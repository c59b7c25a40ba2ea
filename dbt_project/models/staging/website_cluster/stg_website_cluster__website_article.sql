with source as (

    {{ latest_rows(source('website_cluster', 'website_article'), ['article_id']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
