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
    as_of_date,
    -- written when the release gets its name
    cast(null as varchar) as release
from {{ ref('int_statistics__figure') }}
