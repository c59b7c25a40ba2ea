with source as (

    {{ latest_rows(source('hr_management', 'staff_contract'), ['contract_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
