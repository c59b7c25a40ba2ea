-- Grain: day, table, line, column. 高基521 资产情况: land, books, computers, classrooms and fixed assets by whose they
-- are. Books and assets on the register are the school's own. 当年 is after the 1 September before, up to the day.
with day as (

    select * from {{ ref('int_calendar__return_date') }}

),

parcel as (

    select
        day.period,
        coalesce(history.property_right, '1') as property_right,
        coalesce(history.area, 0) as land,
        coalesce(history.green_area, 0) as green,
        coalesce(history.sports_area, 0) as sports
    from day
    inner join {{ ref('stg_property_management__land_parcel_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= day.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > day.on_date
    where not history.is_deleted

),

building as (

    select
        day.period,
        history.building_code,
        coalesce(history.property_right, '1') as property_right
    from day
    inner join {{ ref('stg_property_management__building_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= day.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > day.on_date
    where not history.is_deleted

),

classroom as (

    select
        day.period,
        coalesce(building.property_right, '1') as property_right,
        coalesce(history.is_multimedia, false) as is_multimedia
    from day
    inner join {{ ref('stg_property_management__room_history') }} as history
        on {{ beijing_date('history.valid_from') }} <= day.on_date
        and coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) > day.on_date
    left join building on day.period = building.period and history.building_code = building.building_code
    where not history.is_deleted and history.use in {{ classroom_uses() }} and coalesce(history.status, '1') in ('1', '3')

),

-- as the indicators count: neither written off nor still on order
copy as (

    select
        day.period,
        case
            when coalesce(state.acquired_date, {{ beijing_date('state.seen_at') }}) > {{ date_of('day.return_year - 1', 9, 1) }}
                then 1
            else 0
        end as is_new
    from day
    inner join {{ ref('stg_library_management__library_item_states') }} as state
        on {{ beijing_date('state.seen_at') }} <= day.on_date
        and coalesce({{ beijing_date('state.replaced_at') }}, {{ end_of_time() }}) > day.on_date
        and coalesce({{ beijing_date('state.ended_at') }}, {{ end_of_time() }}) > day.on_date
        and coalesce(state.acquired_date, {{ beijing_date('state.seen_at') }}) <= day.on_date
    where not state.is_deleted and coalesce(state.book_status, '') not in ('5', '6')

),

added as (

    select day.period, change.amount
    from day
    inner join {{ ref('stg_state_assets__asset_change') }} as change
        on change.change_date > {{ date_of('day.return_year - 1', 9, 1) }} and change.change_date <= day.on_date
    inner join {{ ref('stg_state_assets__asset_card') }} as card on change.asset_no = card.asset_no
    where change.change_type = '新增' and {{ is_research_equipment('card') }}

),

{%- set measures = ['land', 'green', 'sports', 'books', 'books_new', 'computers', 'computers_teaching', 'classrooms',
    'classrooms_multimedia', 'assets', 'equipment', 'equipment_new', 'it', 'software'] %}
{%- set brought = {
    'parcel': {'land': 'land', 'green': 'green', 'sports': 'sports'},
    'classroom': {'classrooms': '1', 'classrooms_multimedia': one_where('is_multimedia')},
    'copy': {'books': '1', 'books_new': 'is_new'},
    'added': {'equipment_new': 'amount'},
    'stock': {'computers': 'computers', 'computers_teaching': 'teaching_computers', 'assets': 'original_value',
        'equipment': 'research_value', 'it': 'it_value', 'software': 'software_value'},
} %}
stock as (

    select day.period, stock.*
    from day
    inner join {{ ref('int_assets__stock') }} as stock on day.on_date = stock.on_date

),

-- a measure that nothing was delivered for is null, not zero
measured as (

    {% for relation, columns in brought.items() -%}
    select
        period,
        {{ 'property_right' if relation in ('parcel', 'classroom') else "'1'" }} as property_right,
        {% for measure in measures -%}
        cast({{ columns.get(measure, 'null') }} as decimal(20, 2)) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

lined as (

    {{ in_lines('measured', {
        'own': "property_right = '1'",
        'others': "property_right in ('2', '3')",
        'others_alone': "property_right = '2'",
        'others_shared': "property_right = '3'",
    }) }}

),

summed as (

    select
        period,
        line,
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from lined
    group by period, line

)

{%- set per_10000 = ['books', 'books_new', 'assets', 'equipment', 'equipment_new', 'it', 'software'] %}
{%- set columns = {} %}
{%- for measure in measures %}
    {%- do columns.update({measure: measure ~ ' / 10000' if measure in per_10000 else measure}) %}
{%- endfor %}
{{ ministry_sums('521', 'summed', columns) }}
