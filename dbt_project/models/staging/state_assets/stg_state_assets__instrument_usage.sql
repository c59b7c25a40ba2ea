with source as (

    {{ latest_rows(source('state_assets', 'instrument_usage'), ['asset_no', 'month']) }}

),

renamed as (

    select
        -- ids
        asset_no,
        -- numbers
        teaching_hours,
        research_hours,
        service_hours,
        open_hours,
        samples,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
