{%- set tracked = ['on_post_status', 'staff_category'] -%}

with source as (

    {{ snapshot_versions(source('hr_management', 'staff_basic'), ['staff_no'], tracked) }}

),

renamed as (

    select
        -- ids
        staff_no,
        -- text
        on_post_status,
        staff_category,
        -- booleans
        is_deleted,
        -- technical
        batch_at as seen_at,
        cast(batch_seq as integer) as snapshot_no,
        ended_at
    from source

)

select * from renamed
