with record as (

    select * from {{ ref('stg_form_organization_department__cadre_appointment') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    number.person_key,
    record.staff_no,
    record.document_no,
    record.document_date,
    record.action,
    record.position_name,
    record.position_type_label as position_type,
    record.position_grade_label as position_grade,
    unit.unit_name,
    record.probation_end_date,
    record.updated_at
from record
inner join number on record.staff_no = number.number
left join unit on record.unit_code = unit.unit_code
