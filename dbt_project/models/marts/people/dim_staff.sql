with history as (

    select * from {{ ref('int_people__staff_history') }}

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'staff'

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    {{ hash_key("'staff:' || history.staff_no || ':' || cast(history.valid_from as string)") }} as staff_version_key,
    number.person_key,
    history.staff_no,
    history.staff_category,
    history.on_post_status,
    history.unit_code,
    unit.college_code,
    history.valid_from,
    history.valid_to,
    history.is_latest
from history
inner join number on history.staff_no = number.number
left join unit on history.unit_code = unit.unit_code
