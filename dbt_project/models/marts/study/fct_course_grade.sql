with sitting as (

    select * from {{ ref('int_study__sitting') }}

),

number as (

    select * from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    number.person_key,
    sitting.student_no,
    sitting.class_no,
    sitting.exam_nature,
    sitting.course_code,
    sitting.term_code,
    sitting.exam_mode,
    sitting.usual_score,
    sitting.final_score,
    sitting.total_score,
    sitting.grade_label,
    sitting.grade_point,
    sitting.credits_earned,
    sitting.absent_cheat,
    sitting.passed,
    sitting.recorded_at,
    sitting.class_count,
    sitting.class_p25,
    sitting.class_median,
    sitting.class_p75,
    sitting.share_below,
    sitting.updated_at
from sitting
left join number on sitting.student_no = number.number
