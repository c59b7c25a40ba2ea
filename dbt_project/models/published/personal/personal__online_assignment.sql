{{ config(materialized='view') }}

with submission as (

    select * from {{ ref('int_study__online_submission') }}

)

select
    submission.person_key,
    submission.student_no,
    submission.submission_id,
    submission.online_course_no,
    submission.term_code,
    submission.course_name,
    submission.task_type,
    submission.submitted_at,
    submission.score,
    submission.full_score,
    submission.updated_at
from submission
where submission.person_key is not null
