with source as (

    select * from {{ ref('stg_form_campus_hospital__clinic_visit_monthly') }}
    where patient_kind <> '学生'

)

select
    source.month,
    source.patient_kind,
    source.disease_class,
    source.visits,
    source.referrals,
    source.updated_at
from source
