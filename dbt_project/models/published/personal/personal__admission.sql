with admission as (

    select * from {{ ref('stg_admissions__admission_record') }}

),

registration as (

    select exam_no, student_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

major as (

    select major_code, major_name from {{ ref('dim_major') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    admission.exam_no,
    admission.year,
    admission.name,
    admission.sex_label as sex,
    admission.birth_date,
    right(admission.id_card_no, 4) as id_card_tail,
    admission.ethnicity_label as ethnicity,
    admission.political_affiliation_label as political_affiliation,
    admission.province_label as province,
    admission.middle_school,
    admission.candidate_type,
    admission.admission_type_label as admission_type,
    admission.batch,
    admission.subject_group,
    admission.total_score,
    admission.preference_rank,
    admission.major_code,
    major.major_name,
    admission.admitted_date,
    admission.address,
    admission.phone,
    admission.updated_at
from admission
inner join registration on admission.exam_no = registration.exam_no
inner join person on registration.student_no = person.number
left join major on admission.major_code = major.major_code
