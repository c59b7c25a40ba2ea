with source as (

    {{ latest_rows(source('form_labor_union', 'union_activity'), ['activity_no']) }}

),

renamed as (

    select
        -- ids
        activity_no,
        -- text
        activity_name,
        -- numbers
        participants,
        cost,
        -- dates
        activity_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
