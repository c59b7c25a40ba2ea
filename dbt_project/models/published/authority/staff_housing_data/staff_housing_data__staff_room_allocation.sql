with source as (

    select * from {{ ref('stg_property_management__staff_room_allocation') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.room_code,
    source.allocation_type,
    source.tenure,
    source.start_date,
    source.end_date,
    source.area_share,
    source.monthly_rent,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
