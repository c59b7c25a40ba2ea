with source as (

    select * from {{ ref('stg_academic_affairs__course') }}
    where ended_at is null

)

select
    source.course_code,
    source.course_name,
    source.unit_code,
    source.course_category,
    source.course_nature,
    source.credits,
    source.hours_total,
    source.hours_theory,
    source.hours_experiment,
    source.hours_practice,
    source.is_core,
    source.updated_at
from source
