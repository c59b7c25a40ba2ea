{#- Definitions of the indicators with what `values` shows of them: periods, levels, owners. -#}
{% macro indicator_definitions(values) -%}
with definition as (

    select * from {{ ref('indicator') }}

),

held as (

    select distinct
        indicator,
        level,
        case level when 'school' then 1 when 'college' then 2 when 'major' then 3 else 4 end as level_order
    from {{ values }}
    where not is_suppressed

),

level as (

    select indicator, {{ ordered_texts('level', 'level_order') }} as levels
    from held
    group by indicator

),

period as (

    select indicator, count(distinct period) as periods
    from {{ values }}
    where not is_suppressed
    group by indicator

),

owner as (

    select code, {{ ordered_texts('owner', 'owner_order') }} as owners
    from {{ ref('stg_hub__base_dataset') }}
    group by code

)

select
    definition.id,
    definition.name,
    definition.name_en,
    definition.row_code,
    definition.formula,
    definition.unit,
    definition.direction,
    definition.source,
    definition.certainty,
    nullif(definition.note, '') as note,
    definition.target,
    nullif(definition.target_operator, '') as target_operator,
    nullif(definition.target_text, '') as target_text,
    {{ text_array('owner.owners') }} as owners,
    definition.class,
    cast(coalesce(period.periods, 0) as integer) as periods,
    {{ text_array('level.levels') }} as levels,
    {{ text_array('definition.inputs') }} as inputs,
    definition.model
from definition
left join level on definition.id = level.indicator
left join period on definition.id = period.indicator
left join owner on definition.row_code = owner.code
{%- endmacro %}
