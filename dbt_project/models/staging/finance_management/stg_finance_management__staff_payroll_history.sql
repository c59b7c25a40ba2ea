-- Grain: one version of staff_no、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('finance_management', 'staff_payroll'), ['staff_no', 'month']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
