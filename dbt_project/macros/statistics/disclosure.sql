{#-
    The cells that one stage of disclosure control suppresses; a stage is what is judged together, and `before`
    the models of the stages before it. A cell is hidden on its own account where it is small or was suppressed
    earlier, where a figure it rests on is suppressed, and from the public wherever it is from leaders: a leader
    reads both.

    From the classes up to the colleges: where a node is suppressed, so are its smallest neighbours under the
    same parent, in the order of people and code, until every quantity that has a suppressed cell there has two
    of them with at least the threshold of people together and neither nobody nor everybody counting; else what the
    parent minus the shown ones leaves would tell. Where that cannot be, for a quantity has no second cell, the
    parent itself is suppressed, since it would say the same. Then from the school down: whatever lies under a
    suppressed node is suppressed.
-#}
{% macro suppressed_cells(stage, before=[]) -%}
{%- set named = 'pattern, period_key, siblings' -%}
with every_cell as (

    select * from {{ ref('int_disclosure__cell') }}

),

stage_cell as (

    select * from every_cell
    where stage = {{ stage }}

),
{% if before %}
link as (

    select indicator, target from {{ ref('indicator_link') }}
    where kind = 'rests_on'

),

suppressed_before as (

    {% for model in before -%}
    select every_cell.*
    from every_cell
    inner join {{ ref(model) }} as suppressed
        on every_cell.audience = suppressed.audience
        and every_cell.indicator = suppressed.indicator
        and every_cell.period = suppressed.period
        and every_cell.level = suppressed.level
        and every_cell.unit = suppressed.unit
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

covered as (

    select stage_cell.indicator, stage_cell.period, stage_cell.level, stage_cell.unit
    from stage_cell
    inner join link on stage_cell.indicator = link.indicator
    inner join suppressed_before as base
        on stage_cell.audience = base.audience
        and link.target = base.family
        and stage_cell.period_key = base.period_key
        and stage_cell.level = base.level
        and stage_cell.unit = base.unit
    union
    select stage_cell.indicator, stage_cell.period, stage_cell.level, stage_cell.unit
    from stage_cell
    inner join suppressed_before as leaders
        on leaders.audience = 'statistics'
        and stage_cell.indicator = leaders.indicator
        and stage_cell.period = leaders.period
        and stage_cell.level = leaders.level
        and stage_cell.unit = leaders.unit

),
{% endif %}
cell as (

    select
        stage_cell.*,
        stage_cell.is_small{% if before %} or covered.unit is not null{% endif %} as is_hidden
    from stage_cell
    {%- if before %}
    left join covered
        on stage_cell.indicator = covered.indicator
        and stage_cell.period = covered.period
        and stage_cell.level = covered.level
        and stage_cell.unit = covered.unit
    {%- endif %}

),
{% for depth in [4, 3, 2] %}
node_{{ depth }} as (

    select
        cell.pattern,
        cell.period_key,
        cell.node,
        max(cell.siblings) as siblings,
        max(cell.node_parent) as node_parent,
        max(cell.threshold) as threshold,
        min(cell.people) as people,
        max(case when cell.is_hidden{% if depth < 4 %} or forced.node is not null{% endif %} then 1 else 0 end) as is_hidden
    from cell
    {%- if depth < 4 %}
    left join forced_{{ depth + 1 }} as forced
        on cell.pattern = forced.pattern and cell.period_key = forced.period_key and cell.node = forced.node
    {%- endif %}
    where cell.depth = {{ depth }}
    group by cell.pattern, cell.period_key, cell.node

),

ranked_{{ depth }} as (

    select
        *,
        row_number() over (partition by {{ named }} order by is_hidden desc, people, node) as place,
        sum(is_hidden) over (partition by {{ named }}) as hidden_count,
        count(*) over (partition by {{ named }}) as node_count
    from node_{{ depth }}

),

counted_{{ depth }} as (

    select
        ranked.pattern,
        ranked.period_key,
        ranked.siblings,
        ranked.node_parent,
        ranked.threshold,
        ranked.place,
        cell.quantity,
        row_number() over (
            partition by ranked.pattern, ranked.period_key, ranked.siblings, cell.quantity order by ranked.place
        ) as cell_count,
        sum(cell.people) over (
            partition by ranked.pattern, ranked.period_key, ranked.siblings, cell.quantity order by ranked.place
            rows between unbounded preceding and current row
        ) as people_count,
        sum(coalesce(abs(cell.denominator - cell.numerator), 1)) over (
            partition by ranked.pattern, ranked.period_key, ranked.siblings, cell.quantity order by ranked.place
            rows between unbounded preceding and current row
        ) as outside_count,
        sum(coalesce(abs(cell.numerator), 1)) over (
            partition by ranked.pattern, ranked.period_key, ranked.siblings, cell.quantity order by ranked.place
            rows between unbounded preceding and current row
        ) as inside_count
    from ranked_{{ depth }} as ranked
    inner join cell
        on ranked.pattern = cell.pattern
        and ranked.period_key = cell.period_key
        and ranked.node = cell.node
        and cell.depth = {{ depth }}
    where ranked.hidden_count > 0

),

-- Suppressing the first `place` nodes exposes the quantity from `exposed_from` on, until `safe_from`.
exposed_{{ depth }} as (

    select
        {{ named }},
        quantity,
        max(node_parent) as node_parent,
        count(*) as cell_count,
        min(place) as exposed_from,
        min(
            case
                when cell_count >= 2 and people_count >= threshold and outside_count > 0 and inside_count > 0 then place
            end
        ) as safe_from
    from counted_{{ depth }}
    group by {{ named }}, quantity

),

chosen_{{ depth }} as (

    select ranked.pattern, ranked.period_key, ranked.siblings, min(ranked.place) as place
    from ranked_{{ depth }} as ranked
    left join exposed_{{ depth }} as exposed
        on ranked.pattern = exposed.pattern
        and ranked.period_key = exposed.period_key
        and ranked.siblings = exposed.siblings
        and exposed.exposed_from <= ranked.place
        and coalesce(exposed.safe_from, ranked.node_count + 1) > ranked.place
    where ranked.hidden_count > 0 and ranked.place >= ranked.hidden_count and exposed.quantity is null
    group by ranked.pattern, ranked.period_key, ranked.siblings

),

hidden_{{ depth }} as (

    select ranked.pattern, ranked.period_key, ranked.node
    from ranked_{{ depth }} as ranked
    left join chosen_{{ depth }} as chosen
        on ranked.pattern = chosen.pattern
        and ranked.period_key = chosen.period_key
        and ranked.siblings = chosen.siblings
    where ranked.hidden_count > 0 and ranked.place <= coalesce(chosen.place, ranked.node_count)

),

forced_{{ depth }} as (

    select distinct exposed.pattern, exposed.period_key, exposed.node_parent as node
    from exposed_{{ depth }} as exposed
    left join chosen_{{ depth }} as chosen
        on exposed.pattern = chosen.pattern
        and exposed.period_key = chosen.period_key
        and exposed.siblings = chosen.siblings
    where chosen.place is null and exposed.cell_count = 1

),
{% endfor %}
closed_1 as (

    select distinct cell.pattern, cell.period_key, cell.node
    from cell
    left join forced_2 as forced
        on cell.pattern = forced.pattern and cell.period_key = forced.period_key and cell.node = forced.node
    where cell.depth = 1 and (cell.is_hidden or forced.node is not null)

)
{%- for depth in [2, 3, 4] %},

closed_{{ depth }} as (

    select node.pattern, node.period_key, node.node
    from node_{{ depth }} as node
    left join hidden_{{ depth }} as hidden
        on node.pattern = hidden.pattern and node.period_key = hidden.period_key and node.node = hidden.node
    left join closed_{{ depth - 1 }} as parent
        on node.pattern = parent.pattern and node.period_key = parent.period_key and node.node_parent = parent.node
    where hidden.node is not null or parent.node is not null

)
{%- endfor %},

closed as (

    {% for depth in [1, 2, 3, 4] -%}
    select pattern, period_key, {{ depth }} as depth, node from closed_{{ depth }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    cell.audience,
    cell.indicator,
    cell.period,
    cell.level,
    cell.unit
from cell
inner join closed
    on cell.pattern = closed.pattern
    and cell.period_key = closed.period_key
    and cell.depth = closed.depth
    and cell.node = closed.node
{%- endmacro %}

{#- The figures as one audience gets them: a suppressed cell keeps its place and has no number. -#}
{% macro disclosed_figures(audience) -%}
with figure as (

    select * from {{ ref('int_statistics__figure') }}

),

suppressed as (

    select * from {{ ref('int_disclosure__suppressed_cell') }}
    where audience = '{{ audience }}'

)

select
    figure.indicator,
    figure.period,
    figure.level,
    figure.unit,
    figure.unit_name,
    figure.parent_unit,
    case when suppressed.unit is null then figure.numerator end as numerator,
    case when suppressed.unit is null then figure.denominator end as denominator,
    case when suppressed.unit is null then figure.value end as value,
    figure.as_of_date,
    -- written when the release gets its name
    cast(null as string) as release,
    suppressed.unit is not null as is_suppressed
from figure
left join suppressed
    on figure.indicator = suppressed.indicator
    and figure.period = suppressed.period
    and figure.level = suppressed.level
    and figure.unit = suppressed.unit
{%- endmacro %}
