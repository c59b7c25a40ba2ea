{#- The number that a text is, null where it is none; thousands separators are not taken. -#}
{% macro number_of(text) -%}
    {{ return(adapter.dispatch('number_of', 'campus')(text)) }}
{%- endmacro %}
{% macro default__number_of(text) -%}
    try_cast({{ text }} as double)
{%- endmacro %}
