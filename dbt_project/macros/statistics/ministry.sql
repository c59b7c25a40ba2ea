{#- Cells of the ministry's tables; which table has which lines and columns stands in warehouse/ministry/tables.yaml. -#}

{#- Completed years from a day of birth to another day. -#}
{% macro whole_years(born, day) -%}
    (
            {{ year_of(day) }} - {{ year_of(born) }}
            - case
                when extract(month from {{ day }}) * 100 + extract(day from {{ day }})
                    < extract(month from {{ born }}) * 100 + extract(day from {{ born }}) then 1
                else 0
            end
        )
{%- endmacro %}

{#- The rows of a relation once per line they count in. `lines` is {line: condition}, in the table's order. -#}
{% macro in_lines(relation, lines) -%}
    {%- for line, condition in lines.items() %}
    select '{{ line }}' as line, counted.* from {{ relation }} as counted where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    One row per day, line and column: the sum of each column's expression over the relation's rows, which have
    period and line. Whole numbers or decimals are summed, so that the order of the rows changes nothing.
    `names` are two expressions, the line's name and its code, where the lines are not named by the table itself.
-#}
{% macro ministry_sums(table, relation, columns, names=none) -%}
    {%- for column, expression in columns.items() %}
    select
        period,
        '{{ table }}' as table_no,
        cast(line as string) as line,
        cast({{ 'max(' ~ names[0] ~ ')' if names else 'null' }} as string) as line_name,
        cast({{ 'max(' ~ names[1] ~ ')' if names else 'null' }} as string) as line_code,
        '{{ column }}' as column_id,
        cast(sum({{ expression }}) as double) as value
    from {{ relation }}
    group by period, line
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- 1 where a condition holds, else 0. -#}
{% macro one_where(condition) -%}
    case when {{ condition }} then 1 else 0 end
{%- endmacro %}

{#- The lines of a table about teachers: all, women, by title. -#}
{% macro teacher_lines(prefix, who) -%}
    {{ return({
        prefix ~ '_total': who,
        prefix ~ '_women': who ~ ' and is_female',
        prefix ~ '_senior': who ~ " and title_rank = '1'",
        prefix ~ '_associate': who ~ " and title_rank = '2'",
        prefix ~ '_middle': who ~ " and title_rank = '3'",
        prefix ~ '_junior': who ~ " and title_rank = '4'",
        prefix ~ '_untitled': who ~ " and title_rank = '9'",
    }) }}
{%- endmacro %}
