{#- The last known (not null) value up to and including this row. -#}
{% macro last_known(expression, partition, ordering) -%}
    {{ return(adapter.dispatch('last_known', 'campus')(expression, partition, ordering)) }}
{%- endmacro %}
{% macro default__last_known(expression, partition, ordering) -%}
    last_value({{ expression }} ignore nulls) over (
            partition by {{ partition }} order by {{ ordering }}
            rows between unbounded preceding and current row
        )
{%- endmacro %}
{% macro spark__last_known(expression, partition, ordering) -%}
    last_value({{ expression }}, true) over (
            partition by {{ partition }} order by {{ ordering }}
            rows between unbounded preceding and current row
        )
{%- endmacro %}

{#- The first known (not null) value behind this row. -#}
{% macro next_known(expression, partition, ordering) -%}
    {{ return(adapter.dispatch('next_known', 'campus')(expression, partition, ordering)) }}
{%- endmacro %}
{% macro default__next_known(expression, partition, ordering) -%}
    first_value({{ expression }} ignore nulls) over (
            partition by {{ partition }} order by {{ ordering }}
            rows between 1 following and unbounded following
        )
{%- endmacro %}
{% macro spark__next_known(expression, partition, ordering) -%}
    first_value({{ expression }}, true) over (
            partition by {{ partition }} order by {{ ordering }}
            rows between 1 following and unbounded following
        )
{%- endmacro %}
