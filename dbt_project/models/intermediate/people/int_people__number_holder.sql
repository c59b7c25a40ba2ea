-- Grain: one number that only one person bears. For sources that write a number without saying whether it is a
-- staff or a student number; a number of two people is nobody's here.
select
    number,
    min(person_key) as person_key
from {{ ref('int_people__number') }}
where not is_given_again
group by number
having count(distinct person_key) = 1
