{#- dbt wants model names unique in the project, readers want `personal.course_grade` and
    `student_academic_data.course_grade`. A published model is called <schema>__<table>; its table
    bears the part behind the last `__`. -#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.path is defined and node.path.startswith('published') -%}
        {{ node.name.split('__')[-1] }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}
