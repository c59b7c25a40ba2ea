-- Grain: indicator, period, level, unit. 固定资产总值 and what it holds, on the days of the head-counts, by the
-- college or office that uses the asset.
{%- set measures = ['original_value', 'research_value', 'it_value', 'teaching_computers'] %}
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

measured as (

    select
        census.period,
        census.on_date,
        stock.college_code,
        {% for measure in measures -%}
        stock.{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from census
    inner join {{ ref('int_assets__stock') }} as stock on census.on_date = stock.on_date

),

beside as (

    {{ beside_population('measured', measures, 'int_statistics__population') }}

),

cells as (

    {{ level_sums('beside', measures + population_counts()) }}

),

fixed_assets_total as (

    {{ indicator_row('fixed_assets_total', 'original_value / 10000', 'null', 'original_value / 10000', 'null') }}
    from cells
    where level = 'school' or original_value <> 0

),

research_equipment_per_student as (

    {{ indicator_row('research_equipment_per_student', 'research_value', 'equivalents',
        ratio('research_value', 'equivalents'), equivalent_group()) }}
    from cells
    where {{ unless_empty('research_value', 'equivalents') }}

),

computers_per_100 as (

    {{ indicator_row('computers_per_100', 'teaching_computers', 'full_time',
        ratio('teaching_computers', 'full_time', 100), full_time_group()) }}
    from cells
    where {{ unless_empty('teaching_computers', 'full_time') }}

),

it_asset_share as (

    {{ indicator_row('it_asset_share', 'it_value', 'original_value', ratio('it_value', 'original_value', 100), 'null') }}
    from cells
    where level = 'school' or original_value <> 0

)

select * from fixed_assets_total
union all
select * from research_equipment_per_student
union all
select * from computers_per_100
union all
select * from it_asset_share
