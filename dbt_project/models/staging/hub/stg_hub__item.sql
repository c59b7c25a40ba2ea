-- Grain: one item of annexes 3 and 4, as in force as of the data.
with source as (

    select * from {{ source('hub', 'item') }}

)

select
    code,
    item_id,
    name,
    annex,
    person_kind,
    owner_id,
    owner,
    deadline,
    note,
    source_code
from source
