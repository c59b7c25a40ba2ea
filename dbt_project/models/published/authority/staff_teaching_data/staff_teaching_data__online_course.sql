with source as (

    select * from {{ ref('stg_online_learning_space__online_course') }}

)

select
    source.online_course_no,
    source.class_no,
    source.term_code,
    source.owner_staff_no,
    source.resource_count,
    source.video_minutes,
    source.enrolled,
    source.course_kind,
    source.updated_at
from source
