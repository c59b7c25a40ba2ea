with source as (

    {{ latest_rows(source('finance_management', 'budget_execution'), ['fiscal_year', 'budget_no', 'month']) }}

),

renamed as (

    select
        -- ids
        fiscal_year,
        budget_no,
        unit_code,
        -- text
        budget_name,
        purpose,
        fund_origin,
        {{ label('fund_origin', 'fund_origin') }} as fund_origin_label,
        -- numbers
        budget_amount,
        spent_amount,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
