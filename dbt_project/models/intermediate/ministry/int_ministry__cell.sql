-- Grain: one day that the ministry counts on, table, line and column. Every cell of the ministry's tables that the
-- warehouse computes, whole and unsuppressed: published in `authority`, for the unit that files them, and nowhere
-- else (docs/adr/0020). `row_code` is the row of annex 2 whose subject the table has.
{%- set families = ['int_ministry__majors', 'int_ministry__student_groups', 'int_ministry__student_changes',
    'int_ministry__staff', 'int_ministry__estate', 'int_ministry__assets'] %}
with cell as (

    {% for family in families -%}
    select * from {{ ref(family) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

day as (

    select * from {{ ref('int_calendar__return_date') }}

)

select
    day.return_year,
    day.is_return,
    day.on_date as as_of_date,
    case
        when cell.table_no like '3%' or cell.table_no like '4%' then 'A2-17'
        when cell.table_no like '51%' then 'A2-18'
        else 'A2-19'
    end as row_code,
    cell.table_no,
    cell.line,
    cell.line_name,
    cell.line_code,
    cell.column_id,
    cell.value
from cell
inner join day on cell.period = day.period
where cell.value is not null
