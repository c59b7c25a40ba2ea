with number as (

    select * from {{ ref('int_people__number') }}

)

select
    person_key,
    max(case when is_latest_number then display_name end) as display_name,
    max(case when kind = 'student' then 1 else 0 end) = 1 as is_student,
    max(case when kind = 'staff' then 1 else 0 end) = 1 as is_staff,
    cast(count(*) as integer) as number_count
from number
group by person_key
