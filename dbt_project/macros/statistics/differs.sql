{#- Whether two figures differ by more than the order in which an engine adds up: null is a figure of its own. -#}
{% macro differs(one, other) -%}
    case
        when {{ one }} is null and {{ other }} is null then false
        when {{ one }} is null or {{ other }} is null then true
        else abs({{ one }} - {{ other }}) > 1e-9 * greatest(abs({{ one }}), abs({{ other }}), 1e0)
    end
{%- endmacro %}
