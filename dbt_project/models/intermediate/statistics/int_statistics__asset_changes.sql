-- Grain: indicator, period, level, unit. What was added to the equipment in a calendar year, against the stock on
-- its last day, and what an inventory of that year found: 应盘 are the cards on the books and those found missing
-- in the year (盘亏); those missing and those found beyond the books (盘盈) do not agree.
{%- set measures = ['new_value', 'research_value', 'cards', 'lost', 'found'] %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

card as (

    select * from {{ ref('stg_state_assets__asset_card') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

stock as (

    select
        year.period, year.on_date, stock.college_code,
        0 as new_value, stock.research_value, stock.cards, 0 as lost, 0 as found
    from year
    inner join {{ ref('int_assets__stock') }} as stock on year.on_date = stock.on_date

),

changed as (

    select
        year.period,
        year.on_date,
        unit.college_code,
        case
            when change.change_type = '新增' and {{ is_research_equipment('card') }} then change.amount
            else 0
        end as new_value,
        0 as research_value,
        0 as cards,
        case when change.change_type = '盘亏' then 1 else 0 end as lost,
        case when change.change_type = '盘盈' then 1 else 0 end as found
    from {{ ref('stg_state_assets__asset_change') }} as change
    inner join year on {{ year_of('change.change_date') }} = year.year and change.change_date <= year.on_date
    left join card on change.asset_no = card.asset_no
    left join unit on coalesce(change.to_unit, change.from_unit, card.unit_code) = unit.unit_code
    where change.change_type in ('新增', '盘亏', '盘盈')

),

measured as (

    select * from stock
    union all
    select * from changed

),

cells as (

    {{ level_sums('measured', measures) }}

),

new_equipment_value as (

    {{ indicator_row('new_equipment_value', 'new_value / 10000', 'null', 'new_value / 10000', 'null') }}
    from cells
    where level = 'school' or new_value <> 0

),

new_equipment_share as (

    {{ indicator_row('new_equipment_share', 'new_value', 'research_value - new_value',
        ratio('new_value', '(research_value - new_value)', 100), 'null') }}
    from cells
    where {{ unless_empty('new_value', 'research_value') }}

),

asset_inventory_match as (

    {{ indicator_row('asset_inventory_match', 'greatest(cards - found, 0)', 'cards + lost',
        ratio('greatest(cards - found, 0)', '(cards + lost)', 100), 'null') }}
    from cells
    where level = 'school' or cards + lost <> 0

)

select * from new_equipment_value
union all
select * from new_equipment_share
union all
select * from asset_inventory_match
