with source as (

    select * from {{ ref('stg_property_management__land_parcel') }}
    where ended_at is null

)

select
    source.parcel_code,
    source.campus,
    source.area,
    source.property_right,
    source.green_area,
    source.sports_area,
    source.certificate_no,
    source.updated_at
from source
