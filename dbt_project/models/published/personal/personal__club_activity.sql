with activity as (

    select * from {{ ref('fct_student_activity') }}
    where activity_type = '社团'

)

select
    activity.person_key,
    activity.student_no,
    activity.activity_no,
    activity.activity_name,
    activity.club_name,
    activity.club_class,
    activity.role,
    activity.start_date,
    activity.end_date,
    activity.result,
    activity.updated_at
from activity
where activity.person_key is not null
