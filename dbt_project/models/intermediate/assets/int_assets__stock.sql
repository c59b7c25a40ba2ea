-- Grain: one day and college (null: nowhere). Fixed assets on the books on each head-count date and on the last
-- day of each calendar year. A card counts from its day of acquisition, also where it was delivered later; it
-- counts no more once it is scrapped, lost or handed over, by its state or by its change, whichever is earlier.
with day as (

    select on_date from {{ ref('int_calendar__census_date') }}
    union
    select on_date from {{ ref('int_calendar__year') }}

),

card as (

    select
        history.*,
        {{ beijing_date('history.valid_from') }} as seen_date,
        coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) as to_date,
        row_number() over (partition by history.asset_no order by history.valid_from) as version_no
    from {{ ref('stg_state_assets__asset_card_history') }} as history

),

change as (

    select
        asset_no,
        max(case when change_type in ('报废', '盘亏') then change_date end) as gone_date,
        max(case when change_type = '盘盈' then change_date end) as found_date
    from {{ ref('stg_state_assets__asset_change') }}
    where change_type in ('报废', '盘亏', '盘盈')
    group by asset_no

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

span as (

    select
        card.asset_no,
        case
            when card.version_no = 1 and card.acquired_date < card.seen_date then card.acquired_date
            else card.seen_date
        end as from_date,
        case
            when change.gone_date < card.to_date and coalesce(change.found_date < change.gone_date, true)
                then change.gone_date
            else card.to_date
        end as to_date,
        unit.college_code,
        card.original_value,
        card.quantity,
        {{ is_research_equipment('card') }} as is_research_equipment,
        {{ is_computer('card') }} and card.use_direction = '1' as is_teaching_computer,
        coalesce(card.is_it_asset, false) as is_it_asset
    from card
    left join change on card.asset_no = change.asset_no
    left join unit on card.unit_code = unit.unit_code
    where not card.is_deleted and coalesce(card.status, '1') not in ('5', '6', '7')

)

select
    day.on_date,
    span.college_code,
    count(*) as cards,
    cast(sum(span.original_value) as double) as original_value,
    cast(sum(case when span.is_research_equipment then span.original_value else 0 end) as double) as research_value,
    cast(sum(case when span.is_it_asset then span.original_value else 0 end) as double) as it_value,
    cast(sum(case when span.is_teaching_computer then span.quantity else 0 end) as bigint) as teaching_computers
from day
inner join span on span.from_date <= day.on_date and span.to_date > day.on_date
group by day.on_date, span.college_code
