-- Grain: one teaching class in one term. It is an undergraduate class if an undergraduate has chosen it and not
-- dropped it; a series of lectures is one whose course says so (no source marks them otherwise).
with class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

term as (

    select * from {{ ref('int_calendar__term') }}

),

undergraduate as (

    select student_no from {{ ref('stg_student_affairs__student_status') }}
    where cultivation_level = '3'

),

chosen as (

    select selection.class_no, count(*) as undergraduates
    from {{ ref('stg_academic_affairs__course_selection') }} as selection
    inner join undergraduate on selection.student_no = undergraduate.student_no
    where selection.dropped_at is null
    group by selection.class_no

)

select
    class.class_no,
    class.term_code,
    term.academic_year,
    term.nominal_end_date as term_end_date,
    class.course_code,
    class.lead_staff_no,
    class.hours,
    course.course_nature,
    unit.college_code,
    coalesce(chosen.undergraduates, 0) > 0 as is_undergraduate,
    coalesce(course.course_name like '%讲座%', false) as is_lecture_series
from class
inner join term on class.term_code = term.term_code
left join course on class.course_code = course.course_code
left join unit on course.unit_code = unit.unit_code
left join chosen on class.class_no = chosen.class_no
