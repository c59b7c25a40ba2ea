select
    term_code,
    building_code,
    building_name,
    campus,
    weekday,
    period_no,
    classroom_count,
    occupied_count,
    available_count,
    use_rate
from {{ ref('fct_classroom_use') }}
