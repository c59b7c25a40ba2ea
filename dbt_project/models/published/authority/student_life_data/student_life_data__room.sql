with room as (

    select * from {{ ref('stg_property_management__room') }}
    where ended_at is null

),

building as (

    select * from {{ ref('stg_property_management__building') }}

)

select
    room.room_code,
    room.building_code,
    building.building_name,
    building.campus,
    room.floor,
    room.room_use,
    room.room_status,
    room.area,
    room.seats,
    room.beds,
    room.is_multimedia,
    room.unit_code,
    room.updated_at
from room
left join building on room.building_code = building.building_code
