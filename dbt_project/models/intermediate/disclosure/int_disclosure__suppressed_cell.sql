-- Grain: audience, indicator, period, level, unit. The cells an audience does not get, small ones and those that would
-- give them away; the published tables leave their numbers out.
select * from {{ ref('int_disclosure__leaders_1') }}
union all
select * from {{ ref('int_disclosure__leaders_2') }}
union all
select * from {{ ref('int_disclosure__leaders_3') }}
union all
select * from {{ ref('int_disclosure__public_1') }}
union all
select * from {{ ref('int_disclosure__public_2') }}
union all
select * from {{ ref('int_disclosure__public_3') }}
