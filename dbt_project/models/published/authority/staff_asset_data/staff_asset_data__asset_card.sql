with source as (

    select * from {{ ref('stg_state_assets__asset_card') }}
    where ended_at is null

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.asset_no,
    source.asset_name,
    source.class_code,
    source.model,
    source.unit_price,
    source.quantity,
    source.original_value,
    source.net_value,
    source.acquired_date,
    source.use_direction,
    source.status,
    source.unit_code,
    source.keeper_staff_no,
    source.room_code,
    source.fund_origin,
    source.is_it_asset,
    source.is_software,
    scope.college_code,
    source.updated_at
from source
left join scope on source.keeper_staff_no = scope.number
