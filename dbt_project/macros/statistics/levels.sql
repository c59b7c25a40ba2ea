{#-
    Rows about students, once per level they count in: school, college, major and (if asked for) class.
    `relation` brings college_code, major_code and class_code; who has none counts under 'unassigned',
    so that the parts always sum to the whole.
-#}
{% macro student_levels(relation, levels=['school', 'college', 'major']) -%}
    {%- for level in levels %}
    select
        '{{ level }}' as level,
        {% if level == 'school' -%}
        'school' as unit, cast(null as string) as parent_unit,
        {%- elif level == 'college' -%}
        coalesce(college_code, 'unassigned') as unit, 'school' as parent_unit,
        {%- elif level == 'major' -%}
        coalesce(major_code, 'unassigned') as unit, coalesce(college_code, 'unassigned') as parent_unit,
        {%- else -%}
        coalesce(class_code, 'unassigned') as unit, coalesce(major_code, 'unassigned') as parent_unit,
        {%- endif %}
        counted.*
    from {{ relation }} as counted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The columns every indicator model ends with; one row per indicator, period, level and unit. -#}
{% macro indicator_row(indicator, numerator, denominator, value, smallest_group) -%}
    select
        '{{ indicator }}' as indicator,
        period,
        level,
        unit,
        parent_unit,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ value }} as double) as value,
        on_date as as_of_date,
        cast({{ smallest_group }} as bigint) as smallest_group
{%- endmacro %}

{#- numerator ÷ denominator × factor; null, not zero and not an error, where nothing is divided by. -#}
{% macro ratio(numerator, denominator, factor=1) -%}
    case when {{ denominator }} <> 0 then {{ factor }} * cast({{ numerator }} as double) / {{ denominator }} end
{%- endmacro %}

{#-
    The smallest group of people that can be read off a cell. The first argument is a group that is shown
    (0 counts as small); the others are groups that follow by subtraction and matter only when not empty.
-#}
{% macro smallest_group(shown, derived=[]) -%}
    least({{ shown }}{% for group in derived %}, case when {{ group }} > 0 then {{ group }} else {{ shown }} end{% endfor %})
{%- endmacro %}
