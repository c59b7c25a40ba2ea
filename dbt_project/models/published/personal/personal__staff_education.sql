with record as (

    select * from {{ ref('stg_hr_management__staff_education_record') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.seq,
    record.education_level_label as education_level,
    record.degree_label as degree,
    record.school_name,
    record.school_country,
    record.origin_relation,
    record.major_name,
    record.discipline_label as discipline,
    record.award_date,
    record.is_highest_education,
    record.is_highest_degree,
    record.updated_at
from record
inner join number on record.staff_no = number.number
