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

{#- A text under the secret of this data home: the same text gives the same 64 hex digits, and nobody without
    the key can test a guess (ID numbers are few enough to try them all). Two keys, inner and outer, as HMAC
    has them. The key is read from a one-row table, so it stands in no compiled SQL. Null stays null. -#}
{% macro keyed_hash(text) -%}
    {{ return(adapter.dispatch('keyed_hash', 'campus')(text)) }}
{%- endmacro %}
{% macro default__keyed_hash(text) -%}
    (
        select sha256(secret.outer_key || sha256(secret.inner_key || {{ text }}))
        from {{ ref('stg_hub__identity_key') }} as secret
    )
{%- endmacro %}
{% macro spark__keyed_hash(text) -%}
    {#- Spark takes no expression over both queries into an aggregate, so each key is asked for alone. -#}
    {%- set secret = ref('stg_hub__identity_key') -%}
    sha2(concat(
        (select max(outer_key) from {{ secret }}), sha2(concat((select max(inner_key) from {{ secret }}), {{ text }}), 256)
    ), 256)
{%- endmacro %}
