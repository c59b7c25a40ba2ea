{#- A 60-bit whole number made from a text by md5: the same text gives the same key on every engine
    and in every build. -#}
{% macro hash_key(text) -%}
    {{ return(adapter.dispatch('hash_key', 'campus')(text)) }}
{%- endmacro %}
{% macro default__hash_key(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 15) as bigint)
{%- endmacro %}
{% macro spark__hash_key(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint)
{%- endmacro %}
