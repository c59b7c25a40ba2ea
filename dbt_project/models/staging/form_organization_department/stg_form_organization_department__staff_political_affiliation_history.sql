-- Grain: one version of staff_no、effective_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_organization_department', 'staff_political_affiliation'), ['staff_no', 'effective_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
