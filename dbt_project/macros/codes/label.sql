{#-
    The Chinese label of a code; the code itself where its table does not know it, null where it is null.
    Costs nothing where nobody reads the column. Tables too long for a look-up by position are joined.
-#}
{% macro label(expression, code_table) -%}
    coalesce({{ adapter.dispatch('code_label', 'campus')(expression, code_table) }}, {{ expression }})
{%- endmacro %}
