{#- A model's schema is exactly the one its folder names: the working file has one schema per audience
    and one per base dataset, never `main_personal`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
