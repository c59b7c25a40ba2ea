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
    {%- set made = dbt.materialization_test_default() -%}
    {%- do keep_mark(mark, failures=load_result('main')['table'].rows[0][0]) -%}
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
