with record as (

    select * from {{ ref('stg_state_assets__asset_card') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    number.person_key,
    record.keeper_staff_no as staff_no,
    record.asset_no,
    record.asset_name,
    record.class_code,
    record.model,
    record.unit_price,
    record.quantity,
    record.original_value,
    record.net_value,
    record.acquired_date,
    record.use_direction_label as use_direction,
    record.status_label as status,
    unit.unit_name,
    record.room_code,
    record.fund_origin_label as fund_origin,
    record.is_it_asset,
    record.is_software,
    record.updated_at
from record
inner join number on record.keeper_staff_no = number.number
left join unit on record.unit_code = unit.unit_code
where record.ended_at is null
