{#-
    Which personal tables and columns hold each item of annexes 3 and 4. This is the one list: what a page
    shows, what the item table counts and what it names as holders all come from here. The first column
    decides whether a person holds the item; `due` says whether every person of the kind should have it
    (a status change or a loan is nobody's duty: its coverage is how many have one, and no gap).
    The columns are those that the landed columns of the item (item.source_holders) arrive in, and no others:
    a test changes each of them and looks where it arrives.
-#}
{% macro item_holders() %}
    {{ return(campus.staff_item_holders() + campus.student_item_holders()) }}
{% endmacro %}

{#-
    Where each personal table comes from: the landed table that its rows are. Its items are those it is a
    holder of, unless `items` says otherwise; `datasets` are the base datasets of annex 2 that it is part of.
    A table has an item or a dataset: nothing else may be held on a person.
-#}
{% macro personal_sources() %}
    {{ return(campus.staff_sources() + campus.student_sources()) }}
{% endmacro %}
