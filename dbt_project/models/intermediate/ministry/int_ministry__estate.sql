-- Grain: day, table, line, column. 高基511 校舍情况. A room counts with its share of its building's floor area (建筑面积),
-- by its usable area; 总计 counts whole buildings, also those of which no room is known. A building counts from its
-- completion on, as it was known on the day; one still under construction counts in its own column only.
with day as (

    select * from {{ ref('int_calendar__return_date') }}

),

building as (

    select
        day.period,
        day.on_date,
        history.building_code,
        cast(coalesce(history.floor_area, 0) as decimal(18, 4)) as floor_area,
        coalesce(history.property_right, '1') as property_right,
        coalesce(history.condition in ('20', '21', '22', '23', '24'), false) as is_dangerous,
        coalesce(history.condition = '30', false) as is_under_construction,
        coalesce(history.completed_date > {{ date_of('day.return_year - 1', 9, 1) }}, false) as is_new
    from day
    inner join {{ ref('stg_property_management__building_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= day.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > day.on_date
    where
        not history.is_deleted
        and (history.condition = '30' or coalesce(history.completed_date <= day.on_date, true))

),

room as (

    select
        day.period,
        history.building_code,
        coalesce(history.use, '9') as room_use,
        coalesce(history.status = '2', false) as is_let,
        coalesce(history.area, 0) as area,
        sum(coalesce(history.area, 0)) over (partition by day.period, history.building_code) as area_of_building
    from day
    inner join {{ ref('stg_property_management__room_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= day.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > day.on_date
    where not history.is_deleted

),

share as (

    select
        building.period,
        building.property_right,
        building.is_dangerous,
        building.is_under_construction,
        building.is_new,
        room.room_use,
        room.is_let,
        cast(building.floor_area * room.area / room.area_of_building as decimal(28, 10)) as area
    from building
    inner join room on building.period = room.period and building.building_code = room.building_code
    where room.area_of_building > 0

),

let_area as (

    select period, building_code, sum(case when is_let then area else 0 end) / max(area_of_building) as let_share
    from room
    where area_of_building > 0
    group by period, building_code

),

part as (

    select share.*, false as is_whole from share
    union all
    {% for is_let, share in {'false': '1 - coalesce(let_area.let_share, 0)', 'true': 'coalesce(let_area.let_share, 0)'}.items() -%}
    select
        building.period, building.property_right, building.is_dangerous, building.is_under_construction, building.is_new,
        cast(null as string), {{ is_let }}, cast(building.floor_area * ({{ share }}) as decimal(28, 10)), true
    from building
    left join let_area on building.period = let_area.period and building.building_code = let_area.building_code
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

lined as (

    {{ in_lines('part', {
        'total': 'is_whole',
        'teaching': "room_use like '1%'",
        'classrooms': "room_use in ('111', '112', '124')",
        'library': "room_use in ('131', '132')",
        'laboratories': "room_use in ('121', '123')",
        'research': "room_use = '122'",
        'gymnasium': "room_use = '141'",
        'hall': "room_use = '151'",
        'offices': "room_use like '2%'",
        'living': "room_use like '3%'",
        'student_dormitory': "room_use = '311'",
        'student_canteen': "room_use in ('321', '322', '324')",
        'staff_dormitory': "room_use in ('312', '313')",
        'staff_canteen': "room_use = '323'",
        'welfare': "room_use in ('341', '331', '332', '333', '399')",
        'staff_housing': "room_use like '4%'",
        'others': "room_use like '9%'",
    }) }}

)

{%- set own = "property_right = '1' and not is_under_construction" %}
{{ ministry_sums('511', 'lined', {
    'own': 'case when ' ~ own ~ ' then area else 0 end',
    'own_dangerous': 'case when ' ~ own ~ ' and is_dangerous then area else 0 end',
    'own_new': 'case when ' ~ own ~ ' and is_new then area else 0 end',
    'own_let': 'case when ' ~ own ~ ' and is_let then area else 0 end',
    'under_construction': 'case when is_under_construction then area else 0 end',
    'others_total': "case when property_right in ('2', '3') and not is_under_construction then area else 0 end",
    'others_alone': "case when property_right = '2' and not is_under_construction then area else 0 end",
    'others_shared': "case when property_right = '3' and not is_under_construction then area else 0 end",
}) }}
