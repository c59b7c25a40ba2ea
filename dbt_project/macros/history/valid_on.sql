{#-
    Valid time: true for the row of a span (valid_from, valid_to) that held on a day. The day a span begins
    belongs to it, the day it ends does not; an open end lasts. What was *known* on a day is another
    question (transaction time): a rebuild from the deliveries up to then answers it.
-#}
{% macro valid_on(relation, day) -%}
    {{ relation }}.valid_from <= {{ day }}
    and {{ day }} < coalesce({{ relation }}.valid_to, date '9999-12-31')
{%- endmacro %}
