-- Grain: one owner unit of a base dataset, as in force as of the data.
with source as (

    select * from {{ source('hub', 'base_dataset') }}

)

select
    dataset_id,
    code,
    name,
    owner_order,
    owner_id,
    owner
from source
