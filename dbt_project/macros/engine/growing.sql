{#-
    A table of many millions of rows of which a day brings few: only the rows of keys that something new speaks of
    are made again. Every version of such a key is read again, so late rows, mended rows and deletions come out as if
    all had been made anew.

    grows_by: where the new comes from. A staging model: it reads one landed table, and whether a version holds
        follows from the versions of its own key alone. Or another growing table: its rows that went or came.
    key: columns of the key, which rows of one key never leave.
    key_there: the same as expressions over the landed or the other table; without it they have the same names there.
    month_of: of a key with the column `month` the day there whose month it is: days of other months are not looked at.

    The table is made anew where anything else that it is made of has changed, where a batch is gone, where the other
    table was made anew, and where the new rows are more than a fifth as many as the table's. Elsewhere than on
    DuckDB it is a plain table.
-#}
{% materialization growing, default %}
    {{ return(dbt['materialization_table_' ~ adapter.type()]()) }}
{% endmaterialization %}

{% materialization growing, adapter='duckdb' %}
    {%- set mark = mark_of_node(sql) -%}
    {%- if mark.holds and _stands_as('table') -%}
        {{ return(_left_as_it_was('table')) }}
    {%- endif -%}
    {%- set fed_by = _fed_by() -%}
    {%- set rest = _all_but(mark, fed_by) -%}
    {%- set news = _news(fed_by, rest) -%}
    {%- if news is none -%}
        {%- do dbt.materialization_table_duckdb() -%}
        {%- do keep_mark(mark, table_content(this), rest=rest) -%}
    {%- else -%}
        {%- do _grow(fed_by, news) -%}
        {%- do keep_mark(mark, table_content(this, _sums_of_grown()), rest=rest) -%}
        {%- do _note_growth() -%}
    {%- endif -%}
    {%- if rest is not none -%}
        {%- do note_made_of(fed_by.id, fed_by.is_table) -%}
    {%- endif -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{#- What the table grows by: `id`, `relation`, `staged`, the staging model over a landed table (none for another
    growing table), and `is_table`. -#}
{% macro _fed_by() -%}
    {%- set named = graph.nodes['model.' ~ project_name ~ '.' ~ config.require('grows_by')] -%}
    {%- if named.config.materialized == 'growing' -%}
        {{ return({'id': named.unique_id, 'relation': growing_relation(named), 'staged': none, 'is_table': true}) }}
    {%- endif -%}
    {%- set sources = named.depends_on.nodes | select('in', graph.sources) | list -%}
    {%- if sources | length != 1 -%}
        {%- do exceptions.raise_compiler_error(named.name ~ ' must read one landed table for ' ~ model.name) -%}
    {%- endif -%}
    {%- set source = graph.sources[sources[0]] -%}
    {%- set relation = api.Relation.create(source.database, source.schema, source.identifier) -%}
    {{ return({'id': source.unique_id, 'relation': relation, 'staged': named.unique_id, 'is_table': false}) }}
{%- endmacro %}

{% macro growing_relation(node) -%}
    {{ return(api.Relation.create(node.database, node.schema, node.alias)) }}
{%- endmacro %}

{#- Hash over all that the node is made of but the rows that it grows by; null where something is unknown. -#}
{% macro _all_but(mark, fed_by) -%}
    {%- if mark.inputs is none -%}{{ return(none) }}{%- endif -%}
    {%- set behind = graph.nodes[fed_by.staged].depends_on.nodes if fed_by.staged else [] -%}
    {%- set read = (model.depends_on.nodes + behind) | unique | reject('in', [fed_by.staged, fed_by.id]) | sort -%}
    {%- set staged = "(select own from " ~ built('node') ~ " where node = '" ~ fed_by.staged ~ "')" -%}
    {{ return(run_query(
        "select case when count(*) = " ~ read | length ~ " then md5('" ~ mark.own ~ "' || "
        ~ (staged if fed_by.staged else "''") ~ " || coalesce(string_agg(node || ' ' || content, ',' "
        ~ "order by node), '')) end from " ~ built('node') ~ " where node in ('" ~ read | join("', '") ~ "')"
    ).rows[0][0]) }}
{%- endmacro %}

{#- SQL for the rows that came or went since the table was made; none where it must be made anew. -#}
{% macro _news(fed_by, rest) -%}
    {%- if rest is none or not _stands_as('table') -%}{{ return(none) }}{%- endif -%}
    {%- set known = run_query(
        "select coalesce(max(rest) = '" ~ rest ~ "', false), max(row_count) from " ~ built('node')
        ~ " where node = '" ~ model.unique_id ~ "'"
    ).rows[0] -%}
    {%- if not known[0] -%}{{ return(none) }}{%- endif -%}
    {%- set news = _rows_that_differ(fed_by) if fed_by.is_table else _rows_of_new_batches(fed_by) -%}
    {%- if news is none or run_query("select count(*) > " ~ known[1] ~ " / 5 from (" ~ news ~ ")").rows[0][0] -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(news) }}
{%- endmacro %}

{% macro _rows_of_new_batches(fed_by) -%}
    {%- set here = "(select file from " ~ built('file') ~ " where node = '" ~ model.unique_id ~ "')" -%}
    {%- set there = "(select file from " ~ built('file') ~ " where node = '" ~ fed_by.id ~ "')" -%}
    {%- if run_query("select count(*) from " ~ here ~ " where file not in " ~ there).rows[0][0] > 0 -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set batches = run_query(
        "select distinct batch_id from " ~ built('file') ~ " where node = '" ~ fed_by.id ~ "' and file not in " ~ here
        ~ " order by batch_id"
    ).columns[0].values() -%}
    {{ return("select * from " ~ fed_by.relation ~ " where batch_id in ('" ~ batches | join("', '") ~ "')") }}
{%- endmacro %}

{% macro _rows_that_differ(fed_by) -%}
    {%- if not has_grown_since(fed_by.id, model.unique_id) -%}{{ return(none) }}{%- endif -%}
    {%- set table = fed_by.relation -%}
    {{ return("select * from " ~ taken_from(table) ~ " union all by name select * from " ~ grown_in(table)) }}
{%- endmacro %}

{#- While the rows are made, the landed or other table shows only the rows of the keys that news speak of. -#}
{% macro _grow(fed_by, news) -%}
    {%- set key = config.require('key') -%}
    {%- set key_there = config.get('key_there') or key -%}
    {%- set named = [] -%}
    {%- for column in key -%}{%- do named.append(key_there[loop.index0] ~ ' as ' ~ column) -%}{%- endfor -%}
    {%- call statement('spoken_of', auto_begin=True) %}
        create or replace table {{ built('spoken_of') }} as
        select distinct {{ named | join(', ') }} from ({{ news }})
    {%- endcall -%}
    {%- set first = _first_looked_at(key) -%}
    {%- call statement('grow') %}
        {{ show_instead(fed_by.relation, "select * from " ~ whole(fed_by.relation) ~ " where "
            ~ _spoken_of(key_there, key, first) ~ _in_months_spoken_of(), fed_by.is_table) }}
        create or replace table {{ grown_in(this) }} as
        select * from {{ this }} limit 0;
        insert into {{ grown_in(this) }} by name ({{ sql }});
        {{ show_whole(fed_by.relation, fed_by.is_table) }}
        create or replace table {{ taken_from(this) }} as select * from {{ this }} where {{ _spoken_of(key, key, first) }};
        create or replace table {{ built('held') }} as
        select * from {{ built('node') }} where node = '{{ model.unique_id }}';
        delete from {{ this }} where {{ _spoken_of(key, key, first) }};
        insert into {{ this }} select * from {{ grown_in(this) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {%- call noop_statement('main', 'grown', 'GROWN') -%}{{ sql }}{%- endcall -%}
{%- endmacro %}

{#- Of several columns a struct, in which two nulls are the same. It cannot be looked up in what DuckDB knows of
    blocks and files, so the column of the place `first` is asked for alone before. -#}
{% macro _spoken_of(columns, key, first) -%}
    {%- set asked = [] -%}
    {%- if first is not none -%}
        {%- do asked.append(columns[first] ~ ' in (select ' ~ key[first] ~ ' from ' ~ built('spoken_of') ~ ')') -%}
    {%- endif -%}
    {%- if key | length > 1 -%}
        {%- do asked.append('(' ~ columns | join(', ') ~ ') in (select (' ~ key | join(', ') ~ ') from '
            ~ built('spoken_of') ~ ')') -%}
    {%- endif -%}
    {{ return(asked | join(' and ')) }}
{%- endmacro %}

{#- That a day lies in one of the months spoken of, for a table that names it (`month_of`). A month is made of every
    day that is read, many million, while days between two others let DuckDB skip what lies elsewhere. -#}
{% macro _in_months_spoken_of() -%}
    {%- set day = config.get('month_of') -%}
    {%- if not day -%}{{ return('') }}{%- endif -%}
    {%- set spans = [] -%}
    {%- for month in run_query('select distinct month from ' ~ built('spoken_of') ~ ' order by month').columns[0].values() -%}
        {%- if month is none -%}
            {%- do spans.append(day ~ ' is null') -%}
        {%- elif modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])', month) -%}
            {%- set first = "date '" ~ month ~ "-01'" -%}
            {%- do spans.append(day ~ ' between ' ~ first ~ ' and last_day(' ~ first ~ ')') -%}
        {%- else -%}
            {{ return('') }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(' and (' ~ (spans | join(' or ') or 'false') ~ ')') }}
{%- endmacro %}

{#- The place in the key of the column with the fewest values among the keys spoken of, commonly the day; of several
    columns none where that one may be null, which `in` would not find. -#}
{% macro _first_looked_at(key) -%}
    {%- if key | length == 1 -%}{{ return(0) }}{%- endif -%}
    {%- set counted = [] -%}
    {%- for column in key -%}
        {%- do counted.append('select ' ~ loop.index0 ~ ' as place, count(distinct ' ~ column ~ ') as amount, count(*) - count('
            ~ column ~ ') as nulls from ' ~ built('spoken_of')) -%}
    {%- endfor -%}
    {%- set fewest = run_query('select place, nulls from (' ~ counted | join(' union all ')
        ~ ') order by amount, place limit 1').rows[0] -%}
    {{ return(none if fewest[1] > 0 else fewest[0] | int) }}
{%- endmacro %}

{#- Statements after which the name of a landed view or of a table shows `rows`, and those that undo it. -#}
{% macro show_instead(relation, rows, is_table) -%}
    alter {{ 'table' if is_table else 'view' }} {{ relation }} rename to {{ relation.identifier }}__whole;
    create view {{ relation }} as {{ rows }};
{%- endmacro %}
{% macro show_whole(relation, is_table) -%}
    drop view {{ relation }};
    alter {{ 'table' if is_table else 'view' }} {{ whole(relation) }} rename to {{ relation.identifier }};
{%- endmacro %}
{% macro whole(relation) -%}
    {{ return(relation.database ~ '.' ~ relation.schema ~ '.' ~ relation.identifier ~ '__whole') }}
{%- endmacro %}

{#- The rows that a growing table lost and those that it got in this run. -#}
{% macro taken_from(relation) -%}{{ return(built(relation.identifier ~ '__taken')) }}{%- endmacro %}
{% macro grown_in(relation) -%}{{ return(built(relation.identifier ~ '__grown')) }}{%- endmacro %}

{#- Note that this table went from one content to another by the rows taken and grown. -#}
{% macro _note_growth() -%}
    {%- call statement('note_growth', auto_begin=True) %}
        insert into {{ built('growth') }}
        select node, held.content, now.content
        from {{ built('held') }} as held inner join {{ built('node') }} as now using (node)
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}

{#- Whether what `node` was made of the last time is the growing table `grown`, but for the growth of this run. -#}
{% macro has_grown_since(grown, node) -%}
    {{ return(run_query(
        "select count(*) > 0 from " ~ built('growth') ~ " as growth inner join " ~ built('file')
        ~ " as made_of on growth.before = made_of.file and made_of.node = '" ~ node ~ "' where growth.node = '"
        ~ grown ~ "'"
    ).rows[0][0]) }}
{%- endmacro %}

{#- Note what of `fed_by` this node was made of: the files of a landed table, the content of another one. -#}
{% macro note_made_of(fed_by, is_table) -%}
    {%- call statement('keep_files', auto_begin=True) %}
        delete from {{ built('file') }} where node = '{{ model.unique_id }}';
        insert into {{ built('file') }}
        {% if is_table -%}
        select '{{ model.unique_id }}', null, content from {{ built('node') }} where node = '{{ fed_by }}'
        {%- else -%}
        select '{{ model.unique_id }}', batch_id, file from {{ built('file') }} where node = '{{ fed_by }}'
        {%- endif %}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}

{#- What the table holds now: what it held, less what was taken, and what was made. -#}
{% macro _sums_of_grown() -%}
    select
        held.row_count - taken.row_count + grown.row_count as row_count,
        {%- for sum in ['first_sum', 'second_sum'] %}
        cast(cast(held.{{ sum }} as hugeint) - cast(taken.{{ sum }} as hugeint)
            + cast(grown.{{ sum }} as hugeint) as varchar) as {{ sum }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ built('held') }} as held, ({{ row_sums(taken_from(this)) }}) as taken, ({{ row_sums(grown_in(this)) }}) as grown
{%- endmacro %}
