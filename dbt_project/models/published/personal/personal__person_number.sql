select
    person_key,
    kind,
    number,
    valid_from,
    valid_to
from {{ ref('brg_person_number') }}
