with source as (

    select * from {{ ref('stg_form_labor_union__union_activity') }}

)

select
    source.activity_no,
    source.activity_name,
    source.activity_date,
    source.participants,
    source.cost,
    source.updated_at
from source
