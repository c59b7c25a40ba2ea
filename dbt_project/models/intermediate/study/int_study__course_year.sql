-- Grain: one course and academic year with first sittings (考试性质 01); absence and cheating fail. A course with
-- few sittings is not judged; a hot spot is a judged course of which at least the set share fails.
with sitting as (

    select
        course_code,
        substr(term_code, 1, 9) as academic_year,
        count(*) as sittings,
        sum(case when absent_cheat is not null or not passed then 1 else 0 end) as failed,
        count(distinct class_no) as classes
    from {{ ref('int_study__sitting') }}
    where exam_nature = '01' and (passed is not null or absent_cheat is not null)
    group by course_code, substr(term_code, 1, 9)

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    sitting.academic_year,
    sitting.course_code,
    course.course_name,
    course.course_nature,
    course.unit_code,
    unit.college_code,
    sitting.classes,
    sitting.sittings,
    cast(sitting.failed as bigint) as failed,
    sitting.sittings >= {{ var('course_minimum_sittings') }} as is_judged,
    sitting.sittings >= {{ var('course_minimum_sittings') }}
        and sitting.failed >= sitting.sittings * {{ var('course_failure_bar') }} as is_hot_spot
from sitting
left join course on sitting.course_code = course.course_code
left join unit on course.unit_code = unit.unit_code
