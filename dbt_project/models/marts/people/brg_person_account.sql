with account as (

    select * from {{ ref('int_people__account') }}
    where person_key is not null

)

select
    person_key,
    system,
    account,
    kind,
    number,
    valid_from,
    valid_to
from account
