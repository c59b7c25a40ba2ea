with source as (

    select * from {{ ref('stg_state_assets__instrument_usage') }}

)

select
    source.asset_no,
    source.month,
    source.teaching_hours,
    source.research_hours,
    source.service_hours,
    source.open_hours,
    source.samples,
    source.updated_at
from source
