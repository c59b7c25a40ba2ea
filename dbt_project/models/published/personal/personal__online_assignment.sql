{{ config(materialized='view') }}

with submission as (

    select * from {{ ref('int_study__online_submission') }}

),

online as (

    select * from {{ ref('int_study__online_course') }}

)

select
    submission.person_key,
    submission.student_no,
    submission.submission_id,
    submission.online_course_no,
    online.term_code,
    online.course_name,
    submission.task_type,
    submission.submitted_at,
    submission.score,
    submission.full_score,
    submission.updated_at
from submission
left join online on submission.online_course_no = online.online_course_no
where submission.person_key is not null
