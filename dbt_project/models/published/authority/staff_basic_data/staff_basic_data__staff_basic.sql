with staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}
    where ended_at is null

),

version as (

    select * from {{ ref('dim_staff') }}
    where is_latest

)

select
    version.person_key,
    staff.staff_no,
    staff.name,
    staff.sex,
    staff.birth_date,
    staff.id_document_type,
    staff.id_card_no,
    staff.ethnicity,
    staff.native_place,
    staff.nationality,
    staff.work_start_date,
    staff.joined_school_date,
    staff.teaching_start_month,
    staff.personnel_relation_type,
    staff.on_post_status,
    staff.staff_category,
    staff.staff_source,
    staff.left_date,
    staff.leaving_reason,
    version.unit_code,
    version.college_code,
    staff.updated_at
from staff
left join version on staff.staff_no = version.staff_no
