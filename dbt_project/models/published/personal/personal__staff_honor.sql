with record as (

    select * from {{ ref('stg_form_staff_self_service__staff_honor') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.record_no,
    record.honor_name,
    record.award_class_label as award_class,
    record.level_label as level,
    record.grade_label as grade,
    record.awarding_body,
    record.award_date,
    record.updated_at
from record
inner join number on record.staff_no = number.number
