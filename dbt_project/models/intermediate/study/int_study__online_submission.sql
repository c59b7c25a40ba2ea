-- Grain: one submission. Stored once, for the views of it that are published.
with submission as (

    select * from {{ ref('stg_online_learning_space__online_assignment') }}

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
    submission.submission_id,
    submission.student_no,
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
left join person on submission.student_no = person.number
