{#- The value at `share` (0–1) of the ordered values, interpolated; nulls are left out. -#}
{% macro quantile(expression, share) -%}
    {{ return(adapter.dispatch('quantile', 'campus')(expression, share)) }}
{%- endmacro %}
{% macro default__quantile(expression, share) -%}
    percentile_cont({{ share }}) within group (order by {{ expression }})
{%- endmacro %}
{#- Of decimals DuckDB gives a decimal of their scale, Spark a double that may miss it by the last bit; what is
    landed has four places at most. -#}
{% macro spark__quantile(expression, share) -%}
    round(percentile_cont({{ share }}) within group (order by {{ expression }}), 4)
{%- endmacro %}

{#- Texts of a group joined by a comma, in the order of `ordering`. -#}
{% macro ordered_texts(expression, ordering) -%}
    {{ return(adapter.dispatch('ordered_texts', 'campus')(expression, ordering)) }}
{%- endmacro %}
{% macro default__ordered_texts(expression, ordering) -%}
    string_agg({{ expression }}, ',' order by {{ ordering }})
{%- endmacro %}
{% macro spark__ordered_texts(expression, ordering) -%}
    array_join(
        transform(array_sort(collect_list(struct({{ ordering }} as place, {{ expression }} as text))), x -> x.text), ','
    )
{%- endmacro %}

{#- A text split at `separator` into an array of texts; an empty or null text gives an empty array. -#}
{% macro text_array(expression, separator=',') -%}
    {{ return(adapter.dispatch('text_array', 'campus')(expression, separator)) }}
{%- endmacro %}
{% macro default__text_array(expression, separator) -%}
    case when coalesce({{ expression }}, '') = '' then cast([] as varchar[])
        else string_split({{ expression }}, '{{ separator }}') end
{%- endmacro %}
{% macro spark__text_array(expression, separator) -%}
    case when coalesce({{ expression }}, '') = '' then array()
        else split({{ expression }}, '{{ separator }}') end
{%- endmacro %}
