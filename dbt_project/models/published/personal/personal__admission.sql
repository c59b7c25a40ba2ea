with admission as (

    select * from {{ ref('stg_admissions__admission_record') }}

),

registration as (

    select exam_no, student_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

student as (

    select student_no, id_card_no from {{ ref('stg_student_affairs__student_status') }}

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
    {{ same_document('admission.id_card_no', 'student.id_card_no') }} as id_card_agrees,
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
left join student on registration.student_no = student.student_no
left join major on admission.major_code = major.major_code
