-- Grain: one day and college (null: nowhere). Fixed assets on the books on each head-count date, each day that the
-- ministry counts on and the last day of each calendar year, as they were on that day: a card counts from its day of
-- acquisition, also where it was delivered later, and snapshots come seldom, so dated changes between the last snapshot
-- and the day count too. 调拨 moves a card, 增值 raises it; for a day before the card's first snapshot they are undone. 报废 and 盘亏 end a card
-- by its state or by the change, whichever is earlier, until 盘盈 finds it.
with day as (

    select on_date from {{ ref('int_calendar__census_date') }}
    union
    select on_date from {{ ref('int_calendar__year') }}
    union
    select on_date from {{ ref('int_calendar__return_date') }}

),

card as (

    select
        history.*,
        {{ beijing_date('history.valid_from') }} as seen_date,
        coalesce({{ beijing_date('history.valid_to') }}, {{ end_of_time() }}) as to_date,
        row_number() over (partition by history.asset_no order by history.valid_from) as version_no
    from {{ ref('stg_state_assets__asset_card_history') }} as history

),

-- Some card is new or changed in every snapshot.
state as (

    select day.on_date, max(card.seen_date) as snapshot_date
    from day
    left join card on card.seen_date <= day.on_date
    group by day.on_date

),

change as (

    select * from {{ ref('stg_state_assets__asset_change') }} where change_type <> '新增'

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

shown as (

    select state.on_date, state.snapshot_date, card.*
    from state
    inner join card
        on card.to_date > state.on_date
        and (
            card.seen_date <= state.on_date
            or (card.version_no = 1 and card.acquired_date <= state.on_date)
        )
    where not card.is_deleted

),

dated as (

    select
        shown.on_date,
        change.*,
        shown.seen_date <= shown.on_date
        and change.change_date > shown.snapshot_date
        and change.change_date <= shown.on_date as is_since,
        change.change_date > shown.on_date and change.change_date <= shown.seen_date as is_undone
    from shown
    inner join change on shown.asset_no = change.asset_no

),

placed as (

    select
        dated.*,
        row_number() over (
            partition by on_date, asset_no, change_type, is_undone order by change_date, change_no
        ) as place,
        row_number() over (
            partition by on_date, asset_no, change_type, is_since order by change_date desc, change_no desc
        ) as place_from_last
    from dated

),

changed as (

    select
        on_date,
        asset_no,
        max(
            case
                when change_type = '调拨' and is_since and place_from_last = 1 then to_unit
                when change_type = '调拨' and is_undone and place = 1 then from_unit
            end
        ) as unit_code,
        sum(
            case
                when change_type = '增值' and is_since then amount
                when change_type = '增值' and is_undone then -amount
                else 0
            end
        ) as raised,
        max(case when change_type in ('报废', '盘亏') and change_date <= on_date then change_date end) as gone_date,
        max(case when change_type = '盘盈' and change_date <= on_date then change_date end) as found_date,
        max(case when change_type in ('报废', '盘亏') and is_undone then 1 else 0 end) as goes_later
    from placed
    group by on_date, asset_no

),

held as (

    select
        shown.on_date,
        unit.college_code,
        shown.quantity,
        shown.original_value + coalesce(changed.raised, 0) as original_value,
        {{ is_research_equipment('shown') }} as is_research_equipment,
        {{ is_computer('shown') }} as is_computer,
        {{ is_computer('shown') }} and shown.use_direction = '1' as is_teaching_computer,
        coalesce(shown.is_software, false) as is_software,
        coalesce(shown.is_it_asset, false) as is_it_asset
    from shown
    left join changed on shown.on_date = changed.on_date and shown.asset_no = changed.asset_no
    left join unit on coalesce(changed.unit_code, shown.unit_code) = unit.unit_code
    where
        coalesce(shown.acquired_date <= shown.on_date, true)
        and (coalesce(shown.status, '1') not in ('5', '6', '7') or changed.goes_later = 1)
        and (changed.gone_date is null or coalesce(changed.found_date >= changed.gone_date, false))

)

select
    on_date,
    college_code,
    count(*) as cards,
    cast(sum(original_value) as decimal(20, 2)) as original_value,
    cast(sum(case when is_research_equipment then original_value else 0 end) as decimal(20, 2)) as research_value,
    cast(sum(case when is_it_asset then original_value else 0 end) as decimal(20, 2)) as it_value,
    cast(sum(case when is_it_asset and is_software then original_value else 0 end) as decimal(20, 2)) as software_value,
    cast(sum(case when is_computer then quantity else 0 end) as bigint) as computers,
    cast(sum(case when is_teaching_computer then quantity else 0 end) as bigint) as teaching_computers
from held
group by on_date, college_code
