with source as (

    select * from {{ ref('stg_property_management__room') }}
    where ended_at is null

)

select
    source.room_code,
    source.building_code,
    source.floor,
    source.room_use,
    source.room_status,
    source.area,
    source.seats,
    source.beds,
    source.is_multimedia,
    source.unit_code,
    source.updated_at
from source
