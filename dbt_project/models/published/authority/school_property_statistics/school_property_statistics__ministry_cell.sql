with cell as (

    select * from {{ ref('int_ministry__cell') }}
    where is_return and row_code = 'A2-18'

)

select
    return_year,
    table_no,
    line,
    line_name,
    line_code,
    column_id,
    value,
    as_of_date
from cell
