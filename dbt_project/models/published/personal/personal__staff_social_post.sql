with record as (

    select * from {{ ref('stg_form_staff_self_service__staff_social_post') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.record_no,
    record.organization,
    record.post,
    record.start_date,
    record.end_date,
    record.is_approved,
    record.is_paid,
    record.updated_at
from record
inner join number on record.staff_no = number.number
