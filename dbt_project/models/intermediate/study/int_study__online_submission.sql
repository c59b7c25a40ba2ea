{{ config(materialized='growing', grows_by='stg_online_learning_space__online_assignment', key=['submission_id']) }}
-- Grain: one submission. Stored once, for the views of it that are published;
-- the names of the course are theirs to add.
with submission as (

    select * from {{ ref('stg_online_learning_space__online_assignment') }}

),

person as (

    select * from {{ ref('int_people__student_number') }}

)

select
    person.person_key,
    submission.submission_id,
    submission.student_no,
    submission.online_course_no,
    submission.task_type,
    submission.submitted_at,
    submission.score,
    submission.full_score,
    submission.updated_at
from submission
left join person on submission.student_no = person.number
