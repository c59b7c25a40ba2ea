-- The lines of the statistics return that speak of this row's subject.
with source as (

    select * from {{ ref('stg_form_development_planning__statistics_return') }}
    where split_part(indicator_id, '.', 1) in ('students', 'staff', 'teachers')

)

select
    source.return_code,
    source.year,
    source.indicator_id,
    source.computed_value,
    source.adjusted_value,
    source.adjust_reason,
    source.signed_at,
    source.updated_at
from source
