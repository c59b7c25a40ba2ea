with source as (

    select * from {{ ref('stg_property_management__building') }}
    where ended_at is null

)

select
    source.building_code,
    source.building_name,
    source.campus,
    source.building_use,
    source.building_structure,
    source.building_condition,
    source.floor_area,
    source.usable_area,
    source.property_right,
    source.completed_date,
    source.updated_at
from source
