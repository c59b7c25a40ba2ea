{#- The day `months` months later; the last day of the month where that month is shorter. Null where either is. -#}
{% macro add_months(day, months) -%}
    {{ return(adapter.dispatch('add_months', 'campus')(day, months)) }}
{%- endmacro %}
{% macro default__add_months(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}
{% macro spark__add_months(day, months) -%}
    add_months({{ day }}, cast({{ months }} as integer))
{%- endmacro %}

{#- The month of a day, written as months are landed: 'YYYY-MM'. -#}
{% macro month_text(day) -%}
    substr(cast({{ day }} as string), 1, 7)
{%- endmacro %}

{#- Stands for the end of what has none, so that spans compare without `is null`. -#}
{% macro open_end() -%}
    cast('9999-12-31' as date)
{%- endmacro %}
