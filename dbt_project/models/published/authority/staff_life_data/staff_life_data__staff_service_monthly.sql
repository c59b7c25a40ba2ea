with source as (

    select * from {{ ref('stg_form_logistics__staff_service_monthly') }}

)

select
    source.service_code,
    source.month,
    source.uses,
    source.amount,
    source.complaints,
    source.updated_at
from source
