with source as (

    {{ latest_rows(source('state_assets', 'asset_change'), ['change_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
