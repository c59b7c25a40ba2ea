with activity as (

    select * from {{ ref('fct_student_activity') }}
    where activity_type = '志愿服务'

)

select
    activity.person_key,
    activity.student_no,
    activity.activity_no,
    activity.activity_name,
    activity.role,
    activity.start_date,
    activity.end_date,
    activity.service_hours,
    activity.result,
    activity.updated_at
from activity
where activity.person_key is not null
