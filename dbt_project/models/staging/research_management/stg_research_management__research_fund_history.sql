-- Grain: one version of fund_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('research_management', 'research_fund'), ['fund_id']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
