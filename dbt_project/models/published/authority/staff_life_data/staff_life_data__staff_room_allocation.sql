{{ config(materialized='view') }}

-- The same rows as in the other base dataset, stored once.
select
    person_key,
    staff_no,
    room_code,
    allocation_type,
    tenure,
    start_date,
    end_date,
    area_share,
    monthly_rent,
    college_code,
    updated_at
from {{ ref('staff_housing_data__staff_room_allocation') }}
