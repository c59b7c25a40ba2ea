with unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    unit_code,
    unit_name,
    parent_unit_code,
    unit_type,
    {{ label('unit.unit_type', 'unit_type') }} as unit_type_name,
    college_code,
    coalesce(unit_type = '1', false) as is_college,
    sort_no,
    set_up_date,
    closed_date,
    ended_at is null and closed_date is null as is_open
from unit
