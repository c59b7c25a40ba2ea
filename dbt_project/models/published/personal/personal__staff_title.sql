with record as (

    select * from {{ ref('stg_hr_management__staff_title_record') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.title_code_label as title,
    record.title_level_label as title_level,
    record.title_post_grade,
    record.engage_status_label as engage_status,
    record.award_date,
    record.engaged_date,
    record.document_no,
    record.document_date,
    record.is_current,
    record.updated_at
from record
inner join number on record.staff_no = number.number
