select
    indicator,
    period,
    level,
    unit,
    unit_name,
    parent_unit,
    numerator,
    denominator,
    value,
    as_of_date
from {{ ref('int_statistics__figure') }}
