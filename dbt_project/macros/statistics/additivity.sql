{#-
    Indicators whose parts do not sum to the whole, each with the reason. All others must: numerators and
    denominators of the colleges, of the majors and of the classes each sum to the school's, wherever a level is held.
-#}
{% macro not_additive_indicators() -%}
    {%- set reasons = {
        'student_teacher_ratio': 'teachers in units without students count in the school only',
    } -%}
    ('{{ reasons.keys() | join("', '") }}')
{%- endmacro %}
