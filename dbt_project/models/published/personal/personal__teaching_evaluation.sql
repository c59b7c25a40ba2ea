with record as (

    select * from {{ ref('stg_academic_affairs__teaching_evaluation') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('dim_course') }}

)

select
    number.person_key,
    record.staff_no,
    record.term_code,
    record.class_no,
    course.course_name,
    record.evaluator_group,
    record.rater_count,
    record.due_count,
    record.score,
    record.grade_label,
    record.updated_at
from record
inner join number on record.staff_no = number.number
left join class on record.class_no = class.class_no
left join course on class.course_code = course.course_code
