{#- Moments are landed in UTC without a zone. The college lives in Beijing time (UTC+8, no summer time). -#}

{% macro beijing_time(moment) -%}
    {{ return(adapter.dispatch('beijing_time', 'campus')(moment)) }}
{%- endmacro %}
{% macro default__beijing_time(moment) -%}
    ({{ moment }} + interval '8' hour)
{%- endmacro %}

{#- The calendar day in Beijing of a moment in UTC. -#}
{% macro beijing_date(moment) -%}
    cast({{ beijing_time(moment) }} as date)
{%- endmacro %}

{#- The moment up to which the landed data reaches; stands where other projects ask the clock. -#}
{% macro as_of() -%}
    cast('{{ var("as_of") | replace("T", " ") | replace("Z", "") | replace("+00:00", "") }}' as timestamp)
{%- endmacro %}

{% macro as_of_date() -%}
    {{ beijing_date(as_of()) }}
{%- endmacro %}

{#- So many days before a day. -#}
{% macro days_before(day, days) -%}
    cast({{ day }} - interval '{{ days }}' day as date)
{%- endmacro %}

{% macro date_of(year, month, day) -%}
    {{ return(adapter.dispatch('date_of', 'campus')(year, month, day)) }}
{%- endmacro %}
{% macro default__date_of(year, month, day) -%}
    make_date(cast({{ year }} as integer), {{ month }}, {{ day }})
{%- endmacro %}

{% macro year_of(day) -%}
    cast(extract(year from {{ day }}) as integer)
{%- endmacro %}
{% macro month_of(day) -%}
    cast(extract(month from {{ day }}) as integer)
{%- endmacro %}

{#- Last day of a month written 'YYYY-MM'; null where it is null or unreadable. -#}
{% macro month_end(month_text) -%}
    {{ return(adapter.dispatch('month_end', 'campus')(month_text)) }}
{%- endmacro %}
{% macro default__month_end(month_text) -%}
    last_day(try_cast({{ month_text }} || '-01' as date))
{%- endmacro %}

{#- One row per whole number from `first` to `last`, column `number`; `limit` bounds the search. -#}
{% macro numbers(first, last) -%}
    {{ return(adapter.dispatch('numbers', 'campus')(first, last)) }}
{%- endmacro %}
{% macro default__numbers(first, last) -%}
    select cast(number as integer) as number
    from generate_series({{ first }}, {{ last }}) as series (number)
{%- endmacro %}
{% macro spark__numbers(first, last) -%}
    select cast(number as integer) as number
    from (select explode(sequence({{ first }}, {{ last }})) as number) as series
{%- endmacro %}
