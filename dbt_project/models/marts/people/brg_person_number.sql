with number as (

    select * from {{ ref('int_people__number') }}

)

select
    person_key,
    kind,
    number,
    valid_from,
    valid_to
from number
