with record as (

    select * from {{ ref('stg_form_organization_department__staff_political_affiliation') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.effective_date,
    record.political_affiliation_label as political_affiliation,
    record.branch,
    record.document_no,
    record.updated_at
from record
inner join number on record.staff_no = number.number
