{#- Single codes that a rule over students turns on; the tables are in seeds/code_value.csv. -#}

{#- 处分: 开除学籍. -#}
{% macro expulsion() %}'6'{% endmacro %}

{#- 资助类型: 学费减免. -#}
{% macro fee_waiver() %}'32'{% endmacro %}

{#- 贷款状态: 撤销. -#}
{% macro withdrawn_loan() %}'9'{% endmacro %}
