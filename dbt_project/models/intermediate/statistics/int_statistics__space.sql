-- Grain: indicator, period, level, unit. Space by the use of rooms (room_use: 1… 教学及辅助, 2… 行政办公, 121 实验室、
-- 实习场所, 124 语音室, 311 学生宿舍) per student or member of staff of the head-count. At level college a room
-- counts in the college or office that uses it; rooms that all share count under 'unassigned'.
{%- set measures = [
    'teaching_area', 'office_area', 'lab_area', 'dorm_area', 'seats', 'vacant_area', 'area'
] %}
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

room as (

    select * from {{ ref('int_estate__room_census') }}

),

lab as (

    select
        census.period,
        census.on_date,
        unit.college_code,
        history.area,
        ',' || replace(history.room_codes, ' ', '') || ',' as room_codes
    from census
    inner join {{ ref('stg_state_assets__laboratory_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= census.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > census.on_date
    left join unit on history.unit_code = unit.unit_code
    where not history.is_deleted

),

-- a laboratory brings its own area, which is that of its rooms
loose_lab_room as (

    select room.period, room.on_date, room.college_code, room.area
    from room
    where
        room.room_use = '121'
        and room.is_usable
        and not exists (
            select 1 from lab
            where lab.period = room.period and lab.room_codes like '%,' || room.room_code || ',%'
        )

),

measured as (

    select
        period,
        on_date,
        college_code,
        case when is_usable and room_use like '1%' then area else 0 end as teaching_area,
        case when is_usable and room_use like '2%' then area else 0 end as office_area,
        0 as lab_area,
        case when is_usable and room_use = '311' then area else 0 end as dorm_area,
        case when is_usable and room_use like '1%' and (is_multimedia or room_use = '124') then seats else 0 end as seats,
        case when room_status = '3' then area else 0 end as vacant_area,
        area
    from room
    union all
    select period, on_date, college_code, 0, 0, area, 0, 0, 0, 0 from lab
    union all
    select period, on_date, college_code, 0, 0, area, 0, 0, 0, 0 from loose_lab_room

),

beside as (

    {{ beside_population('measured', measures, 'int_statistics__population') }}

),

cells as (

    {{ level_sums('beside', measures + population_counts()) }}

),

teaching_admin_space_per_student as (

    {{ indicator_row('teaching_admin_space_per_student', 'teaching_area + office_area', 'full_time',
        ratio('(teaching_area + office_area)', 'full_time'), full_time_group()) }}
    from cells
    where {{ unless_empty('teaching_area + office_area', 'full_time') }}

),

teaching_space_per_student as (

    {{ indicator_row('teaching_space_per_student', 'teaching_area', 'full_time',
        ratio('teaching_area', 'full_time'), full_time_group()) }}
    from cells
    where {{ unless_empty('teaching_area', 'full_time') }}

),

office_space_per_staff as (

    {{ indicator_row('office_space_per_staff', 'office_area', 'staff', ratio('office_area', 'staff'), staff_group()) }}
    from cells
    where {{ unless_empty('office_area', 'staff') }}

),

lab_space_per_student as (

    {{ indicator_row('lab_space_per_student', 'lab_area', 'undergraduates', ratio('lab_area', 'undergraduates'),
        undergraduate_group()) }}
    from cells
    where {{ unless_empty('lab_area', 'undergraduates') }}

),

dorm_space_per_student as (

    {{ indicator_row('dorm_space_per_student', 'dorm_area', 'full_time', ratio('dorm_area', 'full_time'),
        full_time_group()) }}
    from cells
    where level = 'school'

),

multimedia_seats_per_100 as (

    {{ indicator_row('multimedia_seats_per_100', 'seats', 'full_time', ratio('seats', 'full_time', 100),
        full_time_group()) }}
    from cells
    where level = 'school'

),

vacant_building_share as (

    {{ indicator_row('vacant_building_share', 'vacant_area', 'area', ratio('vacant_area', 'area', 100), 'null') }}
    from cells
    where level = 'school' or area <> 0

)

{% for name in ['teaching_admin_space_per_student', 'teaching_space_per_student', 'office_space_per_staff',
    'lab_space_per_student', 'dorm_space_per_student', 'multimedia_seats_per_100', 'vacant_building_share'] -%}
select * from {{ name }}
{{ 'union all' if not loop.last }}
{% endfor %}
