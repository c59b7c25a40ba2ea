-- Grain: one online course, with the course and the term that it belongs to.
with online as (

    select * from {{ ref('stg_online_learning_space__online_course') }}

),

class as (

    select class_no, course_code from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select course_code, course_name from {{ ref('stg_academic_affairs__course') }}

)

select
    online.online_course_no,
    online.class_no,
    online.term_code,
    class.course_code,
    course.course_name
from online
left join class on online.class_no = class.class_no
left join course on class.course_code = course.course_code
