-- Grain: one version of a copy's status and date of acquisition; the title and the rest are not tracked.
{% set tracked = ['status', 'acquired_date'] %}

with source as (

    {{ snapshot_versions(source('library_management', 'library_item'), ['barcode'], tracked) }}

),

renamed as (

    select
        -- ids
        barcode,
        -- text
        status as book_status,
        -- booleans
        is_deleted,
        -- dates
        acquired_date,
        -- technical
        batch_at as seen_at,
        lead(batch_at) over (partition by barcode order by batch_at, batch_id) as replaced_at,
        ended_at
    from source

)

select * from renamed
