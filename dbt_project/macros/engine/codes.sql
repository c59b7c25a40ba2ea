{#- The label of a code, null where its table does not know it. -#}
{% macro default__code_label(expression, code_table) -%}
    (
            select max(code_value.label)
            from {{ ref('code_value') }} as code_value
            where code_value.code_table = '{{ code_table }}' and code_value.code = {{ expression }}
        )
{%- endmacro %}

{#-
    A join by value is made even where nobody reads the label: 1.2 s for three of them over 5 million rows.
    A map is one row that is read once, and left away where it is not needed; but it is searched from
    its beginning, so a long table stays a join.
-#}
{% macro duckdb__code_label(expression, code_table) -%}
    {%- if code_table in campus.long_code_tables() -%}
    {{ campus.default__code_label(expression, code_table) }}
    {%- else -%}
    (
            select map(list(code_value.code order by code_value.code), list(code_value.label order by code_value.code))
            from {{ ref('code_value') }} as code_value
            where code_value.code_table = '{{ code_table }}'
        )[{{ expression }}]
    {%- endif -%}
{%- endmacro %}

{#- The same for Spark, whose optimizer (4.3) fails where a join by value stands over a `union all`. -#}
{% macro spark__code_label(expression, code_table) -%}
    {%- if code_table in campus.long_code_tables() -%}
    {{ campus.default__code_label(expression, code_table) }}
    {%- else -%}
    try_element_at((
            select map_from_entries(collect_list(struct(code_value.code, code_value.label)))
            from {{ ref('code_value') }} as code_value
            where code_value.code_table = '{{ code_table }}'
        ), {{ expression }})
    {%- endif -%}
{%- endmacro %}

{#- Code tables too long for a map. -#}
{% macro long_code_tables() -%}
    {{ return(['administrative_division']) }}
{%- endmacro %}
