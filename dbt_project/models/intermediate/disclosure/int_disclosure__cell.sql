-- Grain: audience, indicator, period, level, unit. Every figure that counts people, as each audience's disclosure
-- control sees it: `people` is the smallest group that can be read off it, `pattern` the indicators that are
-- suppressed together (seeds/indicator_link.csv), `period_key` the head-count behind a year, so that figures over
-- the same people meet. Small are cells of a restricted indicator for leaders, of any for the public, and those
-- that an earlier release suppressed. Figures that show another one's number (a share shows the head-count it is
-- divided by) rest on it and are judged a stage later: leaders in 1 to 3, then the public in 4 to 6.
with figure as (

    select * from {{ ref('int_statistics__figure') }}
    where smallest_group is not null

),

definition as (

    select * from {{ ref('indicator') }}

),

link as (

    select * from {{ ref('indicator_link') }}

),

family as (

    select indicator, max(target) as family from link
    where kind = 'family'
    group by indicator

),

part as (

    select indicator, max(target) as whole from link
    where kind = 'part_of'
    group by indicator

),

member as (

    select definition.id as indicator, coalesce(family.family, definition.id) as family
    from definition
    left join family on definition.id = family.indicator

),

resting as (

    select distinct link.indicator, member.family
    from link
    inner join member on link.indicator = member.indicator
    where link.kind = 'rests_on'

),

-- 1 rests on nothing, 2 on figures that rest on nothing, 3 on those.
depth_of_rest as (

    select
        member.indicator,
        max(case when below.family is not null then 3 when link.target is not null then 2 else 1 end) as place
    from member
    left join link on member.indicator = link.indicator and link.kind = 'rests_on'
    left join (select distinct family from resting) as below on link.target = below.family
    group by member.indicator

),

year as (

    select period, census_period from {{ ref('int_calendar__year') }}

),

census as (

    select period from {{ ref('int_calendar__census_date') }}

),

audience as (

    select 'public' as audience, {{ var('public_minimum_cell') }} as threshold
    union all
    select 'statistics' as audience, {{ var('statistics_minimum_cell') }} as threshold

),

earlier as (

    select * from {{ ref('stg_earlier__suppressed_cell') }}

),

placed as (

    select
        figure.*,
        definition.class,
        member.family,
        part.whole,
        depth_of_rest.place as stage,
        case
            when year.census_period is not null then year.census_period
            when census.period is not null then census.period
            else figure.period
        end as period_key,
        case when length(figure.period) = 10 then 'running' else figure.period end as lasting_period
    from figure
    inner join definition on figure.indicator = definition.id
    inner join member on figure.indicator = member.indicator
    inner join depth_of_rest on figure.indicator = depth_of_rest.indicator
    left join part on figure.indicator = part.indicator
    left join resting on figure.indicator = resting.indicator
    left join year on figure.period = year.period
    left join census on length(figure.period) = 9 and substr(figure.period, 1, 4) = census.period

)

select
    audience.audience,
    placed.indicator,
    placed.period,
    placed.level,
    placed.unit,
    placed.family,
    audience.audience || ':' || placed.family
        || case when audience.audience = 'public' then '' else ':' || placed.class end as pattern,
    placed.stage + case when audience.audience = 'statistics' then 0 else 3 end as stage,
    coalesce(placed.whole, placed.indicator) as quantity,
    placed.period_key,
    case placed.level when 'school' then 1 when 'college' then 2 when 'major' then 3 else 4 end
        + case when placed.whole is null then 0 else 1 end as depth,
    case when placed.whole is null then placed.unit else placed.indicator end as node,
    case when placed.whole is null then placed.parent_unit else placed.unit end as node_parent,
    case
        when placed.whole is null then coalesce(placed.parent_unit, '')
        else placed.unit || ':' || placed.whole
    end as siblings,
    placed.smallest_group as people,
    placed.numerator,
    placed.denominator,
    audience.threshold,
    (
        placed.smallest_group < audience.threshold
        and (audience.audience = 'public' or placed.class = 'restricted')
    ) or earlier.unit is not null as is_small
from placed
cross join audience
left join earlier
    on audience.audience = earlier.audience
    and placed.indicator = earlier.indicator
    and placed.lasting_period = earlier.lasting_period
    and placed.level = earlier.level
    and placed.unit = earlier.unit
