{#-
    Contracts spell types as DuckDB does: text is `varchar`, a list of texts `varchar[]`. Spark wants a length
    behind `varchar` and writes lists otherwise; the other types are spelled alike. dbt compares a model's
    columns with what this query gives, so contracts are enforced on Spark as well.
-#}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set spelling = {'varchar': 'string', 'varchar[]': 'array<string>'} -%}
    {%- set spelled = {} -%}
    {%- for name, column in columns.items() -%}
        {%- set data_type = spelling.get(column.data_type, column.data_type) -%}
        {%- do spelled.update({name: dict(column, data_type=data_type)}) -%}
    {%- endfor -%}
    {{ return(dbt.default__get_empty_schema_sql(spelled)) }}
{%- endmacro %}
