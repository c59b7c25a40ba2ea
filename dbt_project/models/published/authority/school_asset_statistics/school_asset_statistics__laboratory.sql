with source as (

    select * from {{ ref('stg_state_assets__laboratory') }}
    where ended_at is null

)

select
    source.lab_code,
    source.lab_name,
    source.unit_code,
    source.lab_nature,
    source.area,
    source.room_codes,
    source.level,
    source.updated_at
from source
