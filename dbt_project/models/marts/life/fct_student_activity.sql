with activity as (

    select * from {{ ref('stg_student_affairs__student_activity') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    activity.activity_no,
    activity.student_no,
    activity.activity_type,
    activity.activity_name,
    activity.practice_type,
    activity.practice_type_label,
    activity.practice_level,
    activity.practice_level_label,
    activity.club_name,
    activity.club_class,
    activity.role,
    activity.start_date,
    activity.end_date,
    activity.service_hours,
    activity.result,
    activity.updated_at
from activity
left join person on activity.student_no = person.number
