with source as (

    select * from {{ ref('stg_form_labor_union__staff_welfare') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.record_no,
    source.staff_no,
    source.benefit_type,
    source.benefit_date,
    source.amount,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
