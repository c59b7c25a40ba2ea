with source as (

    select * from {{ ref('stg_form_labor_union__staff_checkup_plan') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.year,
    source.package,
    source.is_due,
    source.is_attended,
    source.attended_date,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
