with staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

version as (

    select * from {{ ref('dim_staff') }}
    where is_latest

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    version.person_key,
    staff.staff_no,
    staff.name,
    {{ label('staff.sex', 'sex') }} as sex,
    staff.birth_date,
    {{ label('staff.id_document_type', 'id_document_type') }} as id_document_type,
    staff.id_card_no,
    {{ label('staff.ethnicity', 'ethnicity') }} as ethnicity,
    staff.native_place_label as native_place,
    staff.nationality,
    staff.work_start_date,
    staff.joined_school_date,
    staff.teaching_start_month,
    {{ label('staff.personnel_relation_type', 'personnel_relation_type') }} as personnel_relation_type,
    {{ label('staff.on_post_status', 'on_post_status') }} as on_post_status,
    staff.on_post_term,
    {{ label('staff.staff_category', 'staff_category') }} as staff_category,
    {{ label('staff.staff_source', 'staff_source') }} as staff_source,
    staff.left_date,
    {{ label('staff.leaving_reason', 'leaving_reason') }} as leaving_reason,
    version.unit_code,
    unit.unit_name,
    version.college_code,
    staff.updated_at
from staff
inner join version on staff.staff_no = version.staff_no
left join unit on version.unit_code = unit.unit_code
