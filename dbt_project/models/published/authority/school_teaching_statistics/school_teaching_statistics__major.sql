with source as (

    select * from {{ ref('stg_academic_affairs__major') }}
    where ended_at is null

)

select
    source.major_code,
    source.major_name,
    source.catalogue_code,
    source.catalogue_version,
    source.degree_category,
    source.cultivation_level,
    source.college_code,
    source.school_years,
    source.set_up_year,
    source.recruit_status,
    source.is_new,
    source.total_credits,
    source.required_credits,
    source.practice_credits,
    source.experiment_credits,
    source.updated_at
from source
