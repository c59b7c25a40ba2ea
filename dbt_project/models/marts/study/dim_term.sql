with term as (

    select * from {{ ref('int_calendar__term') }}

)

select
    term_code,
    academic_year,
    term_no,
    case term_no when 1 then '秋季学期' when 2 then '春季学期' else '夏季学期' end as term_name,
    nominal_start_date,
    nominal_end_date
from term
