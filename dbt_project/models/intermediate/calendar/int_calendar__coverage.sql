-- Grain: one row. From which day on head-counts are whole: the first student snapshot. Before it, who had
-- already left is not in the data. Null while there is none.
select min({{ beijing_date('seen_at') }}) as first_day
from {{ ref('stg_student_affairs__student_status_states') }}
