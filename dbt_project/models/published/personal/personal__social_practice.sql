with activity as (

    select * from {{ ref('fct_student_activity') }}
    where activity_type = '社会实践'

)

select
    activity.person_key,
    activity.student_no,
    activity.activity_no,
    activity.activity_name,
    activity.practice_type_label as practice_type,
    activity.practice_level_label as practice_level,
    activity.role,
    activity.start_date,
    activity.end_date,
    activity.result,
    activity.updated_at
from activity
where activity.person_key is not null
