with source as (

    {{ latest_rows(source('form_campus_hospital', 'clinic_visit_monthly'), ['month', 'patient_kind', 'disease_class']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
