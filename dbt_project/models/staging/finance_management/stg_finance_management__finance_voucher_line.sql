with source as (

    {{ latest_rows(source('finance_management', 'finance_voucher_line'), ['fiscal_year', 'voucher_no', 'line_no']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
