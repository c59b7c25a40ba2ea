-- Grain: one student number, with its person and nothing else: what else is known of a number changes daily, and the
-- largest tables would be made anew for it.
select person_key, number
from {{ ref('int_people__number') }}
where kind = 'student'
