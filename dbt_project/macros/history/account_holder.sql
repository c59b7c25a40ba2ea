{#-
    Whether what an account did on a day is its holder's: until it is handed to the next number, also after it
    expired; and before it was first seen too, because nobody had it before the first holder that is known.
-#}
{% macro held_account_on(span, day) -%}
    {{ day }} < coalesce({{ span }}.handed_on, {{ end_of_time() }})
    and ({{ span }}.is_first or {{ day }} >= {{ span }}.valid_from)
{%- endmacro %}
