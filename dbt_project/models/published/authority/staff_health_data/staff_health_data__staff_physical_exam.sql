with source as (

    select * from {{ ref('stg_form_campus_hospital__staff_physical_exam') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.year,
    source.health_status,
    source.is_chronic_flag,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
