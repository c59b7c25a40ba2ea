-- Grain: one version of month、patient_kind、disease_class, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_campus_hospital', 'clinic_visit_monthly'), ['month', 'patient_kind', 'disease_class']) }}

),

renamed as (

    select
        -- text
        patient_kind,
        disease_class,
        -- numbers
        visits,
        referrals,
        -- dates
        month,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
