{#-
    Which personal tables and columns hold each item of annexes 3 and 4. This is the one list: what a page
    shows, what the item table counts and what it names as holders all come from here. The first column
    decides whether a person holds the item; `due` says whether every person of the kind should have it
    (a status change or a loan is nobody's duty, so no coverage is measured).
-#}
{% macro item_holders() %}
    {{ return(campus.staff_item_holders() + campus.student_item_holders()) }}
{% endmacro %}

{#- Where each personal table comes from: the landed table that its rows are. -#}
{% macro personal_sources() %}
    {{ return(campus.staff_sources() + campus.student_sources()) }}
{% endmacro %}
