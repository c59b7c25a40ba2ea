with source as (

    {{ latest_rows(source('finance_management', 'staff_payroll'), ['staff_no', 'month']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        -- text
        bank_card_tail,
        -- numbers
        basic_pay,
        performance_pay,
        allowance,
        social_insurance,
        housing_fund,
        tax,
        net_pay,
        -- dates
        month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
