-- Grain: one version of record_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_labor_union', 'staff_welfare'), ['record_no']) }}

),

renamed as (

    select
        -- ids
        record_no,
        staff_no,
        -- text
        benefit_type,
        -- numbers
        amount,
        -- dates
        benefit_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
