with record as (

    select * from {{ ref('stg_property_management__staff_room_allocation') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

room as (

    select room_code, building_code from {{ ref('stg_property_management__room') }}

),

building as (

    select building_code, building_name from {{ ref('stg_property_management__building') }}

)

select
    number.person_key,
    record.staff_no,
    record.room_code,
    building.building_name,
    record.allocation_type,
    record.tenure_label as tenure,
    record.start_date,
    record.end_date,
    record.area_share,
    record.monthly_rent,
    record.updated_at
from record
inner join number on record.staff_no = number.number
left join room on record.room_code = room.room_code
left join building on room.building_code = building.building_code
