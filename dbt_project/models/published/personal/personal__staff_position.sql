with position as (

    select * from {{ ref('stg_hr_management__staff_position_record') }}

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
    position.staff_no,
    position.seq,
    unit.unit_name,
    {{ label('position.establishment_type', 'establishment_type') }} as establishment_type,
    position.post_category,
    position.position_name,
    {{ label('position.position_type', 'position_type') }} as position_type,
    {{ label('position.position_grade', 'post_grade') }} as position_grade,
    position.is_double_shoulder,
    position.document_no,
    position.document_date,
    position.effective_date,
    position.end_date,
    position.is_current,
    position.updated_at
from position
inner join number on position.staff_no = number.number
left join unit on position.unit_code = unit.unit_code
