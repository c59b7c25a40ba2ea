with source as (

    select * from {{ ref('stg_hr_management__staff_basic') }}
    where ended_at is null

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.name,
    source.sex,
    source.birth_date,
    source.id_document_type,
    source.id_card_no,
    {{ keyed_hash('source.id_card_no') }} as id_card_hash,
    source.work_start_date,
    source.ethnicity,
    source.native_place,
    source.personnel_relation_type,
    source.on_post_status,
    source.on_post_term,
    source.joined_school_date,
    source.teaching_start_month,
    source.staff_category,
    source.staff_source,
    source.nationality,
    source.left_date,
    source.leaving_reason,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
