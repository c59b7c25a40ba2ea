{#-
    A table of many millions of rows of which a day brings few: only the rows of keys that new batches speak of are
    made again. Every version of such a key is read again, so late rows, mended rows and deletions come out as if
    all had been made anew.

    grows_by: the staging model whose rows these are. It reads one landed table, and whether a version holds follows
        from the versions of its own key alone.
    key: columns of the key, in the landed table and here.

    The table is made anew where anything else that it is made of has changed, where a batch is gone, and where the
    new batches hold more than a fifth as many rows as the table. Elsewhere than on DuckDB it is a plain table.
-#}
{% materialization growing, default %}
    {{ return(dbt['materialization_table_' ~ adapter.type()]()) }}
{% endmaterialization %}

{% materialization growing, adapter='duckdb' %}
    {%- set mark = mark_of_node(sql) -%}
    {%- if mark.holds and _stands_as('table') -%}
        {{ return(_left_as_it_was('table')) }}
    {%- endif -%}
    {%- set source = _source_that_grows() -%}
    {%- set rest = _all_but(mark, source) -%}
    {%- set batches = _new_batches(source, rest) -%}
    {%- if batches is none -%}
        {%- do dbt.materialization_table_duckdb() -%}
        {%- do keep_mark(mark, table_content(this), rest=rest) -%}
    {%- else -%}
        {%- do _grow(source, batches) -%}
        {%- do keep_mark(mark, table_content(this, _sums_of_grown()), rest=rest) -%}
    {%- endif -%}
    {%- if rest is not none -%}
        {%- call statement('keep_files', auto_begin=True) %}
            delete from {{ built('file') }} where node = '{{ model.unique_id }}';
            insert into {{ built('file') }}
            select '{{ model.unique_id }}', batch_id, file from {{ built('file') }}
            where node = '{{ source.unique_id }}'
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% macro _source_that_grows() -%}
    {%- set staged = graph.nodes['model.' ~ project_name ~ '.' ~ config.require('grows_by')] -%}
    {%- set sources = staged.depends_on.nodes | select('in', graph.sources) | list -%}
    {%- if sources | length != 1 -%}
        {%- do exceptions.raise_compiler_error(staged.name ~ ' must read one landed table for ' ~ model.name) -%}
    {%- endif -%}
    {{ return(graph.sources[sources[0]]) }}
{%- endmacro %}

{#- Hash over all that the node is made of but the rows of the landed table; null where something is unknown. -#}
{% macro _all_but(mark, source) -%}
    {%- if mark.inputs is none -%}{{ return(none) }}{%- endif -%}
    {%- set staged = 'model.' ~ project_name ~ '.' ~ config.require('grows_by') -%}
    {%- set read = (model.depends_on.nodes + graph.nodes[staged].depends_on.nodes) | unique
        | reject('in', [staged, source.unique_id]) | sort -%}
    {{ return(run_query(
        "select case when count(*) = " ~ read | length ~ " then md5('" ~ mark.own ~ "' || (select own from "
        ~ built('node') ~ " where node = '" ~ staged ~ "') || coalesce(string_agg(node || ' ' || content, ',' "
        ~ "order by node), '')) end from " ~ built('node') ~ " where node in ('" ~ read | join("', '") ~ "')"
    ).rows[0][0]) }}
{%- endmacro %}

{#- The batches that came since the table was made; none where it must be made anew. -#}
{% macro _new_batches(source, rest) -%}
    {%- if rest is none or not _stands_as('table') -%}{{ return(none) }}{%- endif -%}
    {%- set known = run_query(
        "select coalesce(max(rest) = '" ~ rest ~ "', false), (select count(*) from " ~ built('file')
        ~ " where node = '" ~ model.unique_id ~ "' and file not in (select file from " ~ built('file')
        ~ " where node = '" ~ source.unique_id ~ "')), max(row_count) from " ~ built('node') ~ " where node = '"
        ~ model.unique_id ~ "'"
    ).rows[0] -%}
    {%- if not known[0] or known[1] > 0 -%}{{ return(none) }}{%- endif -%}
    {%- set batches = run_query(
        "select distinct batch_id from " ~ built('file') ~ " where node = '" ~ source.unique_id
        ~ "' and file not in (select file from " ~ built('file') ~ " where node = '" ~ model.unique_id
        ~ "') order by batch_id"
    ).columns[0].values() -%}
    {%- set landed = api.Relation.create(source.database, source.schema, source.identifier) -%}
    {%- if batches and run_query(
        "select count(*) > " ~ known[2] ~ " / 5 from " ~ landed ~ " where batch_id in ('"
        ~ batches | join("', '") ~ "')"
    ).rows[0][0] -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(batches) }}
{%- endmacro %}

{#- While the rows are made, the landed table shows only the versions of the keys that new batches speak of. -#}
{% macro _grow(source, batches) -%}
    {%- set landed = api.Relation.create(source.database, source.schema, source.identifier) -%}
    {%- set whole = source.identifier ~ '__whole' -%}
    {%- set key = config.require('key') | join(', ') -%}
    {%- set spoken_of = '(' ~ key ~ ') in (select (' ~ key ~ ') from ' ~ built('spoken_of') ~ ')' -%}
    {%- set spoken_of = key ~ ' in (select ' ~ key ~ ' from ' ~ built('spoken_of') ~ ')'
        if config.require('key') | length == 1 else spoken_of -%}
    {%- call statement('grow', auto_begin=True) %}
        create or replace table {{ built('spoken_of') }} as
        select distinct {{ key }} from {{ landed }} where batch_id in ('{{ batches | join("', '") }}');
        alter view {{ landed }} rename to {{ whole }};
        create view {{ landed }} as
        select * from {{ landed.database }}.{{ landed.schema }}.{{ whole }} where {{ spoken_of }};
        create or replace table {{ built('grown') }} as
        select * from {{ this }} limit 0;
        insert into {{ built('grown') }} by name ({{ sql }});
        drop view {{ landed }};
        alter view {{ landed.database }}.{{ landed.schema }}.{{ whole }} rename to {{ landed.identifier }};
        create or replace table {{ built('taken') }} as select * from {{ this }} where {{ spoken_of }};
        create or replace table {{ built('held') }} as
        select * from {{ built('node') }} where node = '{{ model.unique_id }}';
        delete from {{ this }} where {{ spoken_of }};
        insert into {{ this }} select * from {{ built('grown') }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {%- call noop_statement('main', 'grown', 'GROWN') -%}{{ sql }}{%- endcall -%}
{%- endmacro %}

{#- What the table holds now: what it held, less what was taken, and what was made. -#}
{% macro _sums_of_grown() -%}
    select
        held.row_count - taken.row_count + grown.row_count as row_count,
        {%- for sum in ['first_sum', 'second_sum'] %}
        cast(cast(held.{{ sum }} as hugeint) - cast(taken.{{ sum }} as hugeint)
            + cast(grown.{{ sum }} as hugeint) as varchar) as {{ sum }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ built('held') }} as held, ({{ row_sums(built('taken')) }}) as taken, ({{ row_sums(built('grown')) }}) as grown
{%- endmacro %}
