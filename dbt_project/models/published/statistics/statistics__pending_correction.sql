-- Numbers of restricted indicators are left out: what a suppressed cell held must not follow from here.
with waiting as (

    select * from {{ ref('int_statistics__pending_correction') }}

),

definition as (

    select * from {{ ref('indicator') }}

)

select
    waiting.indicator,
    waiting.period,
    waiting.level,
    waiting.unit,
    waiting.unit_name,
    case when definition.class = 'plain' then waiting.difference end as difference,
    case when definition.class = 'plain' then waiting.kept_value end as kept_value,
    case when definition.class = 'plain' then waiting.computed_value end as computed_value,
    waiting.kept_release
from waiting
inner join definition on waiting.indicator = definition.id
