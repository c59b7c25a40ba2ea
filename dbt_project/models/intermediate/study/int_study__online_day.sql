{{ config(materialized='growing', grows_by='stg_online_learning_space__online_learning_daily', key=['student_no', 'online_course_no', 'activity_date']) }}
-- Grain: one student's day in one online course. Stored once, for the views of it that are published;
-- the names of the course are theirs to add.
with activity as (

    select * from {{ ref('stg_online_learning_space__online_learning_daily') }}

),

person as (

    select * from {{ ref('int_people__student_number') }}

)

select
    person.person_key,
    activity.student_no,
    activity.online_course_no,
    activity.activity_date,
    activity.visits,
    activity.video_seconds,
    activity.tasks_done,
    activity.posts,
    activity.updated_at
from activity
left join person on activity.student_no = person.number
