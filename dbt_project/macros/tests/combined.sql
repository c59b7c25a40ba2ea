{#-
    What: all that must hold of one model, in one query; returns (check_name, failing) per broken check.
    When it matters: each test node costs as much as a small model, so a model has one test, not ten.
    To resolve: run the check that is named over the model; the yml beside the model says what it means.

    grain: columns that together are unique and never null.
    not_null: further columns that are never null.
    relationships: [{column, to, field}], nulls pass.
    rules: {name: condition over the model's columns, true or null for a good row}.
    totals: {name: query that gives one number, 0 when all is well}.
-#}
{% test combined(model, grain=[], not_null=[], relationships=[], rules={}, totals={}) %}
{%- set checks = [] -%}
{%- if grain -%}
    {%- do checks.append(
        "select 'grain' as check_name, count(*) as failing from (select 1 as one from " ~ model
        ~ " group by " ~ grain | join(', ') ~ " having count(*) > 1) as doubled") -%}
{%- endif -%}
{%- set present = grain + not_null -%}
{%- if present or rules -%}
    {%- for column in present -%}
        {%- do checks.append("select '" ~ column ~ " is present' as check_name, count(*) as failing from "
            ~ model ~ " where " ~ column ~ " is null") -%}
    {%- endfor -%}
{%- endif -%}
{%- for relationship in relationships -%}
    {%- do checks.append("select '" ~ relationship.column ~ " is known' as check_name, count(*) as failing from "
        ~ model ~ " as child where child." ~ relationship.column ~ " is not null and not exists (select 1 from "
        ~ relationship.to ~ " as parent where parent." ~ relationship.field ~ " = child." ~ relationship.column ~ ")") -%}
{%- endfor -%}
{%- for name, condition in rules.items() -%}
    {%- do checks.append("select '" ~ name ~ "' as check_name, count(*) as failing from "
        ~ model ~ " where not (" ~ condition ~ ")") -%}
{%- endfor -%}
{%- for name, query in totals.items() -%}
    {%- do checks.append("select '" ~ name ~ "' as check_name, cast((" ~ query | replace('{model}', model | string)
        ~ ") as bigint) as failing") -%}
{%- endfor -%}
select check_name, failing
from (
    {{ checks | join('\n    union all\n    ') }}
) as checks
where failing > 0
{% endtest %}
