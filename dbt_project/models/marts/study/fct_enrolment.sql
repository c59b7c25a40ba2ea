with selection as (

    select * from {{ ref('stg_academic_affairs__course_selection') }}

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

result as (

    select
        student_no,
        class_no,
        count(*) as sitting_count,
        max(total_score) as best_score,
        max(grade_point) as best_grade_point,
        max(credits_earned) as credits_earned,
        max(case when passed then 1 else 0 end) = 1 as passed
    from {{ ref('stg_academic_affairs__course_grade') }}
    group by student_no, class_no

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    number.person_key,
    selection.student_no,
    selection.class_no,
    class.term_code,
    class.course_code,
    course.credits,
    selection.course_attribute,
    selection.is_retake,
    selection.selected_at,
    selection.dropped_at,
    selection.dropped_at is not null as is_dropped,
    cast(coalesce(result.sitting_count, 0) as integer) as sitting_count,
    result.best_score,
    result.best_grade_point,
    result.credits_earned,
    result.passed,
    selection.updated_at
from selection
left join class on selection.class_no = class.class_no
left join course on class.course_code = course.course_code
left join result
    on selection.student_no = result.student_no
    and selection.class_no = result.class_no
left join number on selection.student_no = number.number
