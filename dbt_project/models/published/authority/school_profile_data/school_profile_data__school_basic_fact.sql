with source as (

    select * from {{ ref('stg_form_development_planning__school_basic_fact') }}

)

select
    source.fact_code,
    source.year,
    source.fact_name,
    source.value,
    source.as_at_date,
    source.remark,
    source.updated_at
from source
