with source as (

    select * from {{ ref('stg_research_management__research_fund') }}

)

select
    source.fund_id,
    source.project_no,
    source.direction,
    source.fund_source,
    source.amount,
    source.booked_date,
    source.voucher_no,
    source.updated_at
from source
