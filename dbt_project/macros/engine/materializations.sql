{#- dbt's own ways of making a table, a view, a seed and a test, each left out where the node's mark holds. -#}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set mark = mark_of_node(sql) -%}
    {%- if mark.holds and _stands_as('table') -%}
        {{ return(_left_as_it_was('table')) }}
    {%- endif -%}
    {%- set made = dbt.materialization_table_duckdb() -%}
    {%- do keep_mark(mark, table_content(this)) -%}
    {{ return(made) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set mark = mark_of_node(sql) -%}
    {%- if mark.holds and _stands_as('view') -%}
        {{ return(_left_as_it_was('view')) }}
    {%- endif -%}
    {%- set made = dbt.materialization_view_default() -%}
    {%- do keep_mark(mark) -%}
    {{ return(made) }}
{% endmaterialization %}

{% materialization seed, adapter='duckdb' %}
    {#- Of a file of more than a megabyte dbt knows only the path. -#}
    {%- set mark = mark_of_node(model.checksum.checksum) -%}
    {%- if mark.holds and model.checksum.name != 'path' and _stands_as('table') -%}
        {%- do store_result('agate_table', response='OK', agate_table=run_query("select * from " ~ this ~ " limit 0")) -%}
        {{ return(_left_as_it_was('table')) }}
    {%- endif -%}
    {%- set made = dbt.materialization_seed_default() -%}
    {%- do keep_mark(mark, table_content(this)) -%}
    {{ return(made) }}
{% endmaterialization %}

{#- A test of what has not changed would find what it found: its number is told again. -#}
{% materialization test, adapter='duckdb' %}
    {%- set mark = mark_of_node(sql) -%}
    {%- if mark.holds and mark.failures is not none -%}
        {%- call statement('main', fetch_result=True) -%}
            select
                {{ mark.failures }} as failures,
                {{ mark.failures }} {{ config.get('warn_if') }} as should_warn,
                {{ mark.failures }} {{ config.get('error_if') }} as should_error
        {%- endcall -%}
        {{ return({'relations': []}) }}
    {%- endif -%}
    {%- set growing = _growing_under_test() -%}
    {%- set rest = _rest_of_test(mark, growing) if growing else none -%}
    {%- if rest is not none and mark.failures == 0 and rest == mark.rest
        and has_grown_since(growing.unique_id, model.unique_id) -%}
        {%- set made = _test_of_grown(growing) -%}
    {%- else -%}
        {%- set made = dbt.materialization_test_default() -%}
    {%- endif -%}
    {%- do keep_mark(mark, failures=load_result('main')['table'].rows[0][0], rest=rest) -%}
    {%- if rest is not none -%}
        {%- do note_made_of(growing.unique_id, true) -%}
    {%- endif -%}
    {{ return(made) }}
{% endmaterialization %}

{% macro _stands_as(kind) -%}
    {%- set relation = load_cached_relation(this) -%}
    {{ return(relation is not none and relation.type == kind) }}
{%- endmacro %}

{% macro _left_as_it_was(kind) -%}
    {%- call noop_statement('main', 'unchanged', 'UNCHANGED') -%}{%- endcall -%}
    {{ return({'relations': [this.incorporate(type=kind)]}) }}
{%- endmacro %}

{#- The growing table of which a test of rows need look at the grown ones only, once all others have passed: the
    tested model, or the one of which each row of the tested view is one (`meta.rows_of`). None where the test asks
    something of the whole, and where one key may stand on both sides. -#}
{% macro _growing_under_test() -%}
    {%- set tested = graph.nodes.get(model.attached_node) -%}
    {%- set asked = (model.test_metadata or {}).get('kwargs') or {} -%}
    {%- if tested is none or (model.test_metadata or {}).get('name') != 'combined'
        or asked.relationships or asked.same_rows_as or asked.totals
        or model.depends_on.nodes | unique | list != [model.attached_node] -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set growing = graph.nodes['model.' ~ project_name ~ '.' ~ tested.config.meta.rows_of]
        if tested.config.meta.rows_of else tested -%}
    {%- set split = growing.config.get('key', []) | reject('in', asked.grain) | list if asked.grain else [] -%}
    {{ return(growing if growing.config.materialized == 'growing' and not split else none) }}
{%- endmacro %}

{#- Hash over all that a test depends on but the rows of the growing table; null where something is unknown. -#}
{% macro _rest_of_test(mark, growing) -%}
    {%- if mark.inputs is none -%}{{ return(none) }}{%- endif -%}
    {%- set tested = model.attached_node -%}
    {%- if tested == growing.unique_id -%}{{ return(mark.own) }}{%- endif -%}
    {%- set read = graph.nodes[tested].depends_on.nodes | unique | reject('equalto', growing.unique_id) | sort -%}
    {{ return(run_query(
        "select case when count(*) = " ~ read | length ~ " then md5('" ~ mark.own ~ "' || (select own from "
        ~ built('node') ~ " where node = '" ~ tested ~ "') || coalesce(string_agg(node || ' ' || content, ',' "
        ~ "order by node), '')) end from " ~ built('node') ~ " where node in ('" ~ read | join("', '") ~ "')"
    ).rows[0][0]) }}
{%- endmacro %}

{#- The test over the grown rows: their table stands in the place of the whole one meanwhile. -#}
{% macro _test_of_grown(growing) -%}
    {%- set table = growing_relation(growing) -%}
    {%- call statement('show_grown', auto_begin=True) %}
        {{ show_instead(table, 'select * from ' ~ grown_in(table), true) }}
    {%- endcall -%}
    {%- set made = dbt.materialization_test_default() -%}
    {%- call statement('show_whole') %}
        {{ show_whole(table, true) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return(made) }}
{%- endmacro %}
