with source as (

    {{ snapshot_rows(source('state_assets', 'asset_card'), ['asset_no']) }}

),

renamed as (

    select
        -- ids
        asset_no,
        class_code,
        unit_code,
        keeper_staff_no,
        room_code,
        -- text
        asset_name,
        model,
        use_direction,
        {{ label('use_direction', 'equipment_use') }} as use_direction_label,
        status,
        {{ label('status', 'equipment_status') }} as status_label,
        fund_origin,
        {{ label('fund_origin', 'fund_origin') }} as fund_origin_label,
        -- numbers
        unit_price,
        quantity,
        original_value,
        net_value,
        -- booleans
        is_it_asset,
        is_software,
        -- dates
        acquired_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
