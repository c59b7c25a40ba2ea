-- The gate knows a reader by number alone; a number that a student and a staff member both bear opens nobody's visits.
with visit as (

    select * from {{ ref('int_life__library_visit') }}

),

number as (

    select number, max(person_key) as person_key
    from {{ ref('brg_person_number') }}
    group by number
    having count(distinct person_key) = 1

)

select
    number.person_key,
    visit.reader_no,
    visit.visit_date,
    visit.entries,
    visit.minutes,
    visit.updated_at
from visit
inner join number on visit.reader_no = number.number
