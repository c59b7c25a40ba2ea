{{ config(materialized='view') }}

with source as (

    select * from {{ ref('int_study__online_submission') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.submission_id,
    source.student_no,
    source.online_course_no,
    source.task_type,
    source.submitted_at,
    source.score,
    source.full_score,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
