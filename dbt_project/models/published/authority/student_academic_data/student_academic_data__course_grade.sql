with grade as (

    select * from {{ ref('fct_course_grade') }}

),

student as (

    select * from {{ ref('dim_student') }}
    where is_latest

)

select
    grade.person_key,
    grade.student_no,
    student.college_code,
    grade.class_no,
    grade.course_code,
    grade.term_code,
    grade.exam_nature,
    grade.exam_mode,
    grade.usual_score,
    grade.final_score,
    grade.total_score,
    grade.grade_label,
    grade.grade_point,
    grade.credits_earned,
    grade.absent_cheat,
    grade.passed,
    grade.recorded_at,
    grade.updated_at
from grade
left join student on grade.student_no = student.student_no
