{{ config(materialized='view') }}

with activity as (

    select * from {{ ref('int_study__online_day') }}

)

select
    activity.person_key,
    activity.student_no,
    activity.online_course_no,
    activity.term_code,
    activity.course_name,
    activity.activity_date,
    activity.visits,
    activity.video_seconds,
    activity.tasks_done,
    activity.posts,
    activity.updated_at
from activity
where activity.person_key is not null
