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
        {{ label('on_post_status', 'on_post_status') }} as on_post_status_label,
        staff_category,
        {{ label('staff_category', 'staff_category') }} as staff_category_label,
        -- booleans
        is_deleted,
        -- technical
        batch_at as seen_at,
        cast(batch_seq as integer) as snapshot_no,
        ended_at
    from source

)

select * from renamed
