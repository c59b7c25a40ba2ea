-- Grain: one room on one head-count date, as the property system had it that day. Days before its first
-- delivery hold no room. `is_usable`: neither let to others (外单位租赁) nor out of use (不能使用).
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

room as (

    select
        history.*,
        {{ beijing_date('history.valid_from') }} as from_date,
        coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) as to_date
    from {{ ref('stg_property_management__room_history') }} as history
    where not history.is_deleted

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    census.period,
    census.on_date,
    room.room_code,
    room.building_code,
    room.use as room_use,
    room.status as room_status,
    coalesce(room.status, '1') in ('1', '3') as is_usable,
    coalesce(room.area, 0) as area,
    coalesce(room.seats, 0) as seats,
    coalesce(room.beds, 0) as beds,
    coalesce(room.is_multimedia, false) as is_multimedia,
    unit.college_code
from census
inner join room on room.from_date <= census.on_date and room.to_date > census.on_date
left join unit on room.unit_code = unit.unit_code
