-- Only years that are over: while grades come in one by one, two releases apart would show whose came last.
with course as (

    select * from {{ ref('int_study__course_year') }}
    where is_hot_spot and {{ date_of('substr(academic_year, 6, 4)', 8, 31) }} <= {{ as_of_date() }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    course.academic_year as period,
    course.course_code,
    course.course_name,
    {{ label('course.course_nature', 'course_nature') }} as course_nature_name,
    course.college_code as unit,
    unit.unit_name,
    cast(course.classes as integer) as class_count,
    cast(course.sittings as integer) as sitting_count,
    cast(course.failed as integer) as failed_count,
    cast(100.0 * course.failed / course.sittings as double) as fail_rate
from course
left join unit on course.college_code = unit.unit_code
where
    course.failed >= {{ var('course_minimum_group') }}
    and course.sittings - course.failed >= {{ var('course_minimum_group') }}
