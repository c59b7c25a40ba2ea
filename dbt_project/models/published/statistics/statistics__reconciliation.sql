with reconciliation as (

    select * from {{ ref('int_quality__reconciliation') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    reconciliation.check_name,
    reconciliation.period,
    reconciliation.level,
    reconciliation.unit,
    case
        when reconciliation.unit = 'school' then '{{ var("school_name") | replace("'", "''") }}'
        when reconciliation.unit = 'unassigned' then '未归属'
        else coalesce(unit.unit_name, reconciliation.unit)
    end as unit_name,
    cast(reconciliation.expected as double) as expected,
    cast(reconciliation.found as double) as found,
    cast(reconciliation.difference as double) as difference,
    cast(reconciliation.people as bigint) as people_count,
    cast(reconciliation.tolerance as double) as tolerance,
    reconciliation.is_within_tolerance,
    reconciliation.as_of_date
from reconciliation
left join unit on reconciliation.level = 'college' and reconciliation.unit = unit.unit_code
