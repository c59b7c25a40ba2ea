-- Who heads a unit is said by the unit's own record alone; the record of positions says since when.
with unit as (

    select * from {{ ref('int_organisation__unit') }}
    where ended_at is null and closed_date is null and leader_staff_no is not null

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

position as (

    select
        staff_no,
        unit_code,
        min(effective_date) as since
    from {{ ref('stg_hr_management__staff_position_record') }}
    where is_current
    group by staff_no, unit_code

)

select
    number.person_key,
    unit.unit_code,
    unit.unit_name,
    position.since,
    unit.updated_at
from unit
inner join number on unit.leader_staff_no = number.number
left join position on unit.leader_staff_no = position.staff_no and unit.unit_code = position.unit_code
