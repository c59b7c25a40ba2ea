with stay as (

    select * from {{ ref('fct_dorm_stay') }}

)

select
    stay.person_key,
    stay.student_no,
    stay.check_in_date,
    stay.check_out_date,
    stay.stay_ends_on,
    stay.is_current,
    stay.building_name,
    stay.floor,
    stay.room_code,
    stay.bed_no,
    stay.beds,
    stay.late_return_count,
    stay.updated_at
from stay
where stay.person_key is not null
