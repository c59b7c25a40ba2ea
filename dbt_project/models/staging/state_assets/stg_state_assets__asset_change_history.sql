-- Grain: one version of change_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('state_assets', 'asset_change'), ['change_no']) }}

),

renamed as (

    select
        -- ids
        change_no,
        asset_no,
        from_unit,
        to_unit,
        document_no,
        -- text
        change_type,
        -- numbers
        amount,
        -- dates
        change_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
