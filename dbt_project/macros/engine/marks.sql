{#-
    A node is made again only where something it is made of has changed. The table `built.node` of the working
    file says of every node what it was made of (`inputs`) and what came of it (`content`); the variable
    `keep_marks` says whether a run reads and writes it. A table that comes out as it was before keeps its
    content, so what reads it is not made again.

    node: dbt's unique id, also of sources, which warehouse/marks.py marks before the run.
    inputs: hash over the compiled SQL, the configuration and the `content` of everything that is read. The day,
        a threshold or a macro that matters stands in the compiled SQL.
    own, rest: of `inputs` the compiled SQL and configuration alone, and all but the rows that let a growing table
        grow (macros/engine/growing.sql), also of a test of such rows.
    content: of a table a hash over its columns and rows, of a view and a test its inputs.
    row_count, first_sum, second_sum: of a table, as warehouse/release/export.py counts and hashes it.
    failures: of a test.
-#}

{#- What is known of this node: `inputs`, null where a parent is unknown; `holds`, whether they are those of
    the time before; `failures` and `rest` of then. Nothing is known in a run without marks. -#}
{% macro mark_of_node(what='') -%}
    {%- if not var('keep_marks', false) -%}
        {{ return({'own': none, 'inputs': none, 'holds': false, 'failures': none, 'rest': none}) }}
    {%- endif -%}
    {%- set parents = model.depends_on.nodes | unique | sort -%}
    {%- set types = {} -%}
    {%- for name, column in (model.columns or {}).items() -%}{%- do types.update({name: column.data_type | default('')}) -%}{%- endfor -%}
    {%- set own = local_md5(tojson([what, model.config, types, model.schema, model.alias], sort_keys=true)) -%}
    {%- set found = run_query(
        "select now.inputs, coalesce(now.inputs = before.inputs, false), before.failures, before.rest from (select "
        ~ "case when count(*) = " ~ parents | length ~ " then md5('" ~ own
        ~ "' || coalesce(string_agg(node || ' ' || content, ',' order by node), '')) end as inputs "
        ~ "from " ~ built('node') ~ " where node in ('" ~ parents | join("', '") ~ "')) as now "
        ~ "left join " ~ built('node') ~ " as before on before.node = '" ~ model.unique_id ~ "'"
    ).rows[0] -%}
    {{ return({'own': own, 'inputs': found[0], 'holds': found[1], 'failures': found[2], 'rest': found[3]}) }}
{%- endmacro %}

{#- Note what a node was made of and what came of it. `content` is SQL for content, row_count, first_sum and
    second_sum; without it a node's content is what it was made of. -#}
{% macro keep_mark(mark, content=none, failures='null', rest=none) -%}
    {%- if mark.inputs is not none -%}
        {%- call statement('keep_mark', auto_begin=True) %}
            delete from {{ built('node') }} where node = '{{ model.unique_id }}';
            insert into {{ built('node') }}
                (node, own, inputs, rest, failures, content, row_count, first_sum, second_sum)
            select '{{ model.unique_id }}', '{{ mark.own }}', '{{ mark.inputs }}',
                {{ "'" ~ rest ~ "'" if rest else 'null' }}, {{ failures }},
                {{ content or "'" ~ mark.inputs ~ "', null, null, null" }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{%- endmacro %}

{#- The content of a table, for `keep_mark`: rows in any order give the same. `sums` is SQL for a row of the
    three numbers, by default counted from the table. -#}
{% macro table_content(relation, sums=none) -%}
    md5(shape || ' ' || row_count || ' ' || first_sum || ' ' || second_sum), row_count, first_sum, second_sum
    from ({{ sums or row_sums(relation) }}), (
        select string_agg(column_name || ' ' || data_type, ', ' order by column_index) as shape
        from duckdb_columns()
        where database_name = '{{ relation.database }}' and schema_name = '{{ relation.schema }}'
            and table_name = '{{ relation.identifier }}'
    )
{%- endmacro %}

{#- Count and sums over the hashes of rows, as warehouse/marks.py has them. -#}
{% macro row_sums(rows) -%}
    select
        count(*) as row_count,
        cast(coalesce(sum(cast(row_hash as hugeint)), 0) as varchar) as first_sum,
        cast(coalesce(sum(cast(hash(row_hash) as hugeint)), 0) as varchar) as second_sum
    from (select hash(whole_row) as row_hash from {{ rows }} as whole_row)
{%- endmacro %}

{#- A table of what is known of earlier runs. -#}
{% macro built(table) -%}
    {{ target.database }}.built.{{ table }}
{%- endmacro %}
