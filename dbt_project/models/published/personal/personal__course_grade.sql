with grade as (

    select * from {{ ref('fct_course_grade') }}

),

course as (

    select * from {{ ref('dim_course') }}

)

select
    grade.person_key,
    grade.term_code,
    grade.class_no,
    grade.course_code,
    course.course_name,
    course.credits,
    {{ label('grade.exam_nature', 'exam_nature') }} as exam_nature,
    {{ label('grade.exam_mode', 'exam_mode') }} as exam_mode,
    {{ label('grade.absent_cheat', 'exam_absent_cheat') }} as absent_cheat,
    grade.usual_score,
    grade.final_score,
    grade.total_score,
    grade.grade_label,
    grade.grade_point,
    grade.credits_earned,
    grade.passed,
    grade.recorded_at,
    grade.class_count,
    grade.class_p25,
    grade.class_median,
    grade.class_p75,
    grade.share_below,
    grade.updated_at
from grade
left join course on grade.course_code = course.course_code
where grade.person_key is not null
