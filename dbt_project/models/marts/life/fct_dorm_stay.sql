-- One stay in a bed, with its room; when it ends is for int_life__dorm_stay to say.
with stay as (

    select * from {{ ref('int_life__dorm_stay') }}

),

room as (

    select * from {{ ref('stg_property_management__room') }}

),

building as (

    select * from {{ ref('stg_property_management__building') }}

)

select
    stay.person_key,
    stay.student_no,
    stay.check_in_date,
    stay.check_out_date,
    stay.stay_ends_on,
    stay.check_in_date <= {{ as_of_date() }}
        and coalesce(stay.stay_ends_on, {{ open_end() }}) > {{ as_of_date() }} as is_current,
    room.building_code,
    building.building_name,
    room.floor,
    stay.room_code,
    stay.bed_no,
    room.beds,
    room.area,
    stay.late_return_count,
    stay.updated_at
from stay
left join room on stay.room_code = room.room_code
left join building on room.building_code = building.building_code
