with number as (

    select * from {{ ref('int_people__number') }}

)

select
    person_key,
    kind,
    number,
    valid_from,
    valid_to,
    is_given_again
from number
