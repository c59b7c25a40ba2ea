-- Grain: one version of asset_no、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('state_assets', 'instrument_usage'), ['asset_no', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
