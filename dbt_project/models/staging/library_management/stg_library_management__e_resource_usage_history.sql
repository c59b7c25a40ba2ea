-- Grain: one version of resource_code、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('library_management', 'e_resource_usage'), ['resource_code', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
