{#-
    教学科研仪器设备: an asset used for teaching (1) or research (2) from the unit price on that the college
    counts from (`var('equipment_minimum_price')`, yuan).
-#}
{% macro is_research_equipment(card) -%}
    (
            coalesce({{ card }}.use_direction, '') in ('1', '2')
            and coalesce({{ card }}.unit_price, {{ card }}.original_value / {{ card }}.quantity)
            >= {{ var('equipment_minimum_price') }}
        )
{%- endmacro %}

{#- A computer one sits at: GB/T 14885 0201 0105 to 0109 (desktop, workstations, portable, tablet), no server. -#}
{% macro is_computer(card) -%}
    replace({{ card }}.class_code, 'A', '') in ('02010105', '02010106', '02010107', '02010108', '02010109')
{%- endmacro %}
