with source as (

    select * from {{ ref('stg_online_learning_space__online_learning_daily') }}

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
