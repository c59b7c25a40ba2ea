{#-
    Rows about students with the college, major and class the student was in on the row's day; empty where
    the history does not know the student that day, so such rows count under 'unassigned'.
-#}
{% macro placed_students(relation, student_no, day) -%}
    select place.college_code, place.major_code, place.class_code, dated.*
    from {{ relation }} as dated
    left join {{ ref('int_people__student_history') }} as place
        on dated.{{ student_no }} = place.student_no
        and place.valid_from <= dated.{{ day }}
        and coalesce(place.valid_to, {{ date_of(9999, 12, 31) }}) > dated.{{ day }}
{%- endmacro %}

{#- The last day of a year written as an expression, or the as-of date where the year is not over. -#}
{% macro year_end(year, month=12, day=31) -%}
    case
            when {{ date_of(year, month, day) }} < {{ as_of_date() }} then {{ date_of(year, month, day) }}
            else {{ as_of_date() }}
        end
{%- endmacro %}
