-- Grain: one number that opens one person's record. A number that was given out again opens none.
select
    person_key,
    kind,
    number,
    valid_from,
    valid_to
from {{ ref('brg_person_number') }}
where not is_given_again
