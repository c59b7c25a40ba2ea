{{ config(materialized='view') }}

-- The same rows as in the other base dataset, stored once.
select
    room_code,
    building_code,
    floor,
    room_use,
    room_status,
    area,
    seats,
    beds,
    is_multimedia,
    unit_code,
    updated_at
from {{ ref('student_life_data__room') }}
