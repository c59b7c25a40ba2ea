-- Grain: one unit of the annexes, as in force as of the data.
with source as (

    select * from {{ source('hub', 'unit') }}

)

select
    unit_id,
    unit_name
from source
