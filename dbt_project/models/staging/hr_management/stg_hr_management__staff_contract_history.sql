-- Grain: one version of contract_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('hr_management', 'staff_contract'), ['contract_no']) }}

),

renamed as (

    select
        -- ids
        contract_no,
        staff_no,
        -- text
        contract_type,
        -- numbers
        renewal_no,
        -- dates
        start_date,
        end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
