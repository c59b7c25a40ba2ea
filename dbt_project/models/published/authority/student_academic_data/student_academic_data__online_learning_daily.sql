{{ config(materialized='view') }}

with source as (

    select * from {{ ref('int_study__online_day') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.online_course_no,
    source.activity_date,
    source.visits,
    source.video_seconds,
    source.tasks_done,
    source.posts,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
