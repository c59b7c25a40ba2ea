-- Grain: one correction. `release` and `value_after` are null while this build is to carry it out.
with source as (

    select * from {{ source('earlier', 'figure_correction') }}

)

select
    -- ids
    correction_id,
    indicator,
    period,
    release,
    -- text
    reason,
    -- numbers
    value_before,
    value_after,
    -- dates
    corrected_at,
    {{ beijing_date('corrected_at') }} as corrected_on
from source
