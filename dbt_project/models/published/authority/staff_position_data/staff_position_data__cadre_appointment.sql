with source as (

    select * from {{ ref('stg_form_organization_department__cadre_appointment') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.document_no,
    source.document_date,
    source.staff_no,
    source.action,
    source.position_name,
    source.position_type,
    source.position_grade,
    source.unit_code,
    source.probation_end_date,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
