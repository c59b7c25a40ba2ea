with record as (

    select * from {{ ref('stg_form_colleges__staff_academic_affiliation') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

major as (

    select major_code, major_name from {{ ref('dim_major') }}

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    number.person_key,
    record.staff_no,
    record.academic_year,
    record.research_direction,
    coalesce(major.major_name, record.major_code) as major_name,
    record.discipline_label as discipline,
    record.is_dual_qualified,
    record.has_engineering_background,
    record.has_industry_background,
    coalesce(unit.unit_name, record.submitted_by) as submitted_by_name,
    record.updated_at
from record
inner join number on record.staff_no = number.number
left join major on record.major_code = major.major_code
left join unit on record.submitted_by = unit.unit_code
