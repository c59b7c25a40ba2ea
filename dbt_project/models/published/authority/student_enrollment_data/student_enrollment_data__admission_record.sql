-- A candidate has no student number yet; the registration that followed names it, where there was one.
with source as (

    select * from {{ ref('stg_admissions__admission_record') }}

),

registration as (

    select exam_no, student_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.exam_no,
    source.year,
    source.name,
    source.sex,
    source.birth_date,
    {{ keyed_hash('source.id_card_no') }} as id_card_hash,
    source.ethnicity,
    source.political_affiliation,
    source.province,
    source.middle_school,
    source.candidate_type,
    source.admission_type,
    source.batch,
    source.subject_group,
    source.total_score,
    source.preference_rank,
    source.major_code,
    source.admitted_date,
    source.address,
    source.phone,
    scope.college_code,
    source.updated_at
from source
left join registration on source.exam_no = registration.exam_no
left join scope on registration.student_no = scope.number
