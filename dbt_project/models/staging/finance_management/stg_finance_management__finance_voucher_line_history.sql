-- Grain: one version of fiscal_year、voucher_no、line_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('finance_management', 'finance_voucher_line'), ['fiscal_year', 'voucher_no', 'line_no']) }}

),

renamed as (

    select
        -- ids
        fiscal_year,
        voucher_no,
        line_no,
        account_code,
        unit_code,
        project_no,
        -- text
        ledger,
        function_class,
        economic_class,
        summary,
        -- numbers
        debit,
        credit,
        -- dates
        voucher_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
