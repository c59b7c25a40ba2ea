{#- The Chinese label of a code; the code itself where its table does not know it, null where it is null. -#}
{% macro label(expression, code_table) -%}
    coalesce((
            select max(code_value.label)
            from {{ ref('code_value') }} as code_value
            where code_value.code_table = '{{ code_table }}' and code_value.code = {{ expression }}
        ), {{ expression }})
{%- endmacro %}
