with major as (

    select * from {{ ref('stg_academic_affairs__major') }}

)

select
    major_code,
    major_name,
    catalogue_code,
    degree_category,
    {{ label('major.degree_category', 'academic_discipline_category') }} as degree_category_name,
    cultivation_level,
    {{ label('major.cultivation_level', 'cultivation_level') }} as cultivation_level_name,
    college_code,
    school_years,
    set_up_year,
    recruit_status,
    is_new,
    total_credits,
    required_credits,
    practice_credits,
    ended_at is null as is_current
from major
