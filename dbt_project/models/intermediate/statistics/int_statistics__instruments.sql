-- Grain: indicator, period, level, unit. 大型仪器有效机时率 = hours of teaching, research and service ÷ rated hours:
-- of each reported month a twelfth of the year's 1400 (通用) or 800 (专用, class 03 of GB/T 14885).
{%- set measures = ['hours', 'year_hours'] %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

card as (

    select * from {{ ref('stg_state_assets__asset_card') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

measured as (

    select
        year.period,
        year.on_date,
        unit.college_code,
        coalesce(usage.teaching_hours, 0) + coalesce(usage.research_hours, 0)
        + coalesce(usage.service_hours, 0) as hours,
        case when replace(card.class_code, 'A', '') like '03%' then 800 else 1400 end as year_hours
    from {{ ref('stg_state_assets__instrument_usage') }} as usage
    inner join year on cast(substr(usage.month, 1, 4) as integer) = year.year
    left join card on usage.asset_no = card.asset_no
    left join unit on card.unit_code = unit.unit_code

),

cells as (

    {{ level_sums('measured', measures) }}

)

{{ indicator_row('instrument_utilisation', 'hours', 'year_hours / 12.0', ratio('hours', '(year_hours / 12.0)', 100),
    'null') }}
from cells
