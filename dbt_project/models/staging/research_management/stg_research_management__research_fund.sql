with source as (

    {{ latest_rows(source('research_management', 'research_fund'), ['fund_id']) }}

),

renamed as (

    select
        -- ids
        fund_id,
        project_no,
        voucher_no,
        -- text
        direction,
        fund_source,
        {{ label('fund_source', 'project_fund_source') }} as fund_source_label,
        -- numbers
        amount,
        -- dates
        booked_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
