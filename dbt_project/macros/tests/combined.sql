{#-
    What: all that must hold of one model, in one query; returns (check_name, failing) per broken check.
    When it matters: each test node costs as much as a small model, so a model has one test, not ten.
    To resolve: run the check that is named over the model; the yml beside the model says what it means.

    grain: columns that together are unique and never null.
    not_null: further columns that are never null.
    relationships: [{column, to, field}]; nulls pass.
    same_rows_as: a relation with as many rows, so none was lost or doubled on the way.
    rules: {name: condition over the model's columns, true or null for a good row}.
    totals: {name: query that gives one number, 0 when all is well}; {model} and {relation} stand
        for the model and for `with_relation`, {not_additive} for the list in macros/statistics/additivity.sql.
-#}
{% test combined(model, grain=[], not_null=[], relationships=[], same_rows_as=none, rules={}, with_relation=none, totals={}) %}
{%- set row_checks = [] -%}
{%- for column in grain + not_null -%}
    {%- do row_checks.append((column ~ ' is present', column ~ ' is null')) -%}
{%- endfor -%}
{%- for name, condition in rules.items() -%}
    {%- do row_checks.append((name, 'not (' ~ condition ~ ')')) -%}
{%- endfor -%}
{%- set checks = [] -%}
{%- for name, _ in row_checks -%}
    {%- do checks.append("select '" ~ name ~ "' as check_name, check_" ~ loop.index ~ " as failing from row_check") -%}
{%- endfor -%}
{%- if grain -%}
    {%- do checks.append(
        "select 'grain' as check_name, count(*) as failing from (select 1 as doubled from " ~ model
        ~ " group by " ~ grain | join(', ') ~ " having count(*) > 1) as doubled_rows") -%}
{%- endif -%}
{%- for relationship in relationships -%}
    {%- do checks.append("select '" ~ relationship.column ~ " is known' as check_name, count(*) as failing from "
        ~ model ~ " as child where child." ~ relationship.column ~ " is not null and not exists (select 1 from "
        ~ relationship.to ~ " as parent where parent." ~ relationship.field ~ " = child." ~ relationship.column ~ ")") -%}
{%- endfor -%}
{%- if same_rows_as -%}
    {%- do checks.append("select 'no row lost or doubled' as check_name, abs((select count(*) from " ~ model
        ~ ") - (select count(*) from " ~ same_rows_as ~ ")) as failing") -%}
{%- endif -%}
{%- for name, query in totals.items() -%}
    {%- set filled = query | replace('{model}', model | string) | replace('{relation}', with_relation | string)
        | replace('{not_additive}', not_additive_indicators()) -%}
    {%- do checks.append("select '" ~ name ~ "' as check_name, cast((" ~ filled ~ ") as bigint) as failing") -%}
{%- endfor -%}
{%- if row_checks %}
with row_check as (

    select
        {%- for name, condition in row_checks %}
        coalesce(sum(case when {{ condition }} then 1 else 0 end), 0) as check_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}

)
{% endif %}
select check_name, failing
from (
    {{ checks | join('\n    union all\n    ') }}
) as checks
where failing > 0
{% endtest %}
