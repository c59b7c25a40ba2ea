{#- The counts of int_statistics__population; all of them add up over colleges. -#}
{% macro population_counts() -%}
    {{ return(['students', 'full_time', 'undergraduates', 'equivalents', 'weighted', 'staff', 'teachers']) }}
{%- endmacro %}

{#-
    Measures of period and college_code under the people of the same period and college: a college with
    people and no measure stays, and so does an office with measures and no students. `population` is
    int_statistics__population (periods of a head-count) or int_statistics__population_of_year. Periods
    without any measure are left out, because nothing was delivered then; with `events`, only those before the
    first one, because a year in which nothing happened is a year with nothing.
-#}
{% macro beside_population(relation, measures, population, events=false) -%}
    select
        period,
        on_date,
        college_code,
        {% for measure in measures -%}
        {{ measure }},
        {% endfor -%}
        {% for count in population_counts() -%}
        0 as {{ count }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ relation }}
    union all
    select
        period,
        on_date,
        college_code,
        {% for measure in measures -%}
        0 as {{ measure }},
        {% endfor -%}
        {% for count in population_counts() -%}
        {{ count }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref(population) }}
    {% if events -%}
    where period >= (select min(period) from {{ relation }})
    {%- else -%}
    where period in (select period from {{ relation }})
    {%- endif %}
{%- endmacro %}

{#-
    One row per period, level and unit with the sums of `columns`: whole numbers or decimals. What is divided by
    is divided by afterwards: doubles summed in another order differ in their last digits, and a rebuild would
    give other figures.
-#}
{% macro level_sums(relation, columns, levels=['school', 'college']) -%}
    select
        period,
        max(on_date) as on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        {% for column in columns -%}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        {{ student_levels(relation, levels) }}
    ) as levels
    group by period, level, unit
{%- endmacro %}

{#-
    The smallest group behind a denominator of people; null where there is nobody of that kind at all (an
    office has no students), 0 where there are some and none of them counts.
-#}
{% macro full_time_group() -%}
    case when students > 0 then {{ smallest_group('full_time', ['students - full_time']) }} end
{%- endmacro %}
{% macro undergraduate_group() -%}
    case when students > 0 then {{ smallest_group('undergraduates', ['full_time - undergraduates']) }} end
{%- endmacro %}
{% macro equivalent_group() -%}
    case when students > 0 then {{ smallest_group('students', ['weighted']) }} end
{%- endmacro %}
{% macro teacher_group() -%}
    case when staff > 0 then {{ smallest_group('teachers', ['staff - teachers']) }} end
{%- endmacro %}
{% macro staff_group() -%}
    case when staff > 0 then staff end
{%- endmacro %}

{#- Rows worth a line: the school, and every unit that has one of the two. -#}
{% macro unless_empty(numerator, denominator) -%}
    level = 'school' or {{ numerator }} <> 0 or {{ denominator }} <> 0
{%- endmacro %}

{#- The day behind every day: what an open span ends on. -#}
{% macro end_of_time() -%}
    {{ date_of(9999, 12, 31) }}
{%- endmacro %}
