-- Grain: one student's day in one online course. Stored once, for the views of it that are published.
with activity as (

    select * from {{ ref('stg_online_learning_space__online_learning_daily') }}

),

online as (

    select * from {{ ref('int_study__online_course') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    activity.student_no,
    activity.online_course_no,
    online.term_code,
    online.course_name,
    activity.activity_date,
    activity.visits,
    activity.video_seconds,
    activity.tasks_done,
    activity.posts,
    activity.updated_at
from activity
left join online on activity.online_course_no = online.online_course_no
left join person on activity.student_no = person.number
