with source as (

    {{ latest_rows(source('form_organization_department', 'staff_political_affiliation'), ['staff_no', 'effective_date']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        document_no,
        -- text
        political_affiliation,
        {{ label('political_affiliation', 'political_affiliation') }} as political_affiliation_label,
        branch,
        -- dates
        effective_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
