{#- The figures of one row of annex 2, with the name of each. -#}
{% macro indicator_values_of(row_code) -%}
with definition as (

    select * from {{ ref('indicator') }}
    where row_code = '{{ row_code }}'

),

figure as (

    select * from {{ ref('statistics__indicator_value') }}

)

select
    figure.indicator,
    definition.name as indicator_name,
    definition.unit as measure,
    figure.period,
    figure.level,
    figure.unit,
    figure.unit_name,
    figure.parent_unit,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.as_of_date,
    figure.is_suppressed
from figure
inner join definition on figure.indicator = definition.id
{%- endmacro %}
