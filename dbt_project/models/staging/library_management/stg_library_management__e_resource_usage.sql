with source as (

    {{ latest_rows(source('library_management', 'e_resource_usage'), ['resource_code', 'month']) }}

),

renamed as (

    select
        -- ids
        resource_code,
        -- text
        resource_name,
        -- numbers
        visits,
        downloads,
        e_books,
        e_journals,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
