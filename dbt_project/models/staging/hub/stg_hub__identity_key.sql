-- Grain: the one key of this data home. Nothing but the macro keyed_hash reads it; it is published nowhere.
with source as (

    select * from {{ source('hub', 'identity_key') }}

)

select
    inner_key,
    outer_key
from source
