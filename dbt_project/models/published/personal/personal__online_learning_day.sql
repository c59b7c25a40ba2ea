{{ config(materialized='view') }}

with activity as (

    select * from {{ ref('int_study__online_day') }}

),

online as (

    select * from {{ ref('int_study__online_course') }}

)

select
    activity.person_key,
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
where activity.person_key is not null
