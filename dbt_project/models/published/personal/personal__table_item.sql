{%- set holders = item_holders() %}
-- What a page says below each personal table: items, base datasets, responsible unit, source, cadence, legal basis, retention.
with source_table as (

    select * from {{ ref('source_table') }}

),

unit as (

    select * from {{ ref('stg_hub__unit') }}

),

personal_table as (

    {% for entry in personal_sources() %}
    {%- set items = entry['items'] if 'items' in entry else [] -%}
    {%- if 'items' not in entry -%}
        {%- for holder in holders -%}
            {%- for table in holder.tables -%}
                {%- if table.table == entry.table -%}{%- do items.append(holder.item) -%}{%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif %}
    select
        '{{ entry.table }}' as table_name,
        '{{ entry.source }}' as source_id,
        '{{ entry.landed }}' as source_table,
        '{{ items | join(",") }}' as item_codes,
        '{{ entry.get("datasets", []) | join(",") }}' as dataset_codes
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    personal_table.table_name,
    {{ text_array('personal_table.item_codes') }} as item_codes,
    {{ text_array('personal_table.dataset_codes') }} as dataset_codes,
    source_table.owner_id,
    unit.unit_name as owner,
    personal_table.source_id,
    source_table.source_name,
    personal_table.source_table,
    coalesce(nullif(source_table.cadence_note, ''), source_table.cadence) as cadence,
    source_table.legal_basis,
    source_table.retention
from personal_table
left join source_table
    on personal_table.source_id = source_table.source_id
    and personal_table.source_table = source_table.table_name
left join unit on source_table.owner_id = unit.unit_id
