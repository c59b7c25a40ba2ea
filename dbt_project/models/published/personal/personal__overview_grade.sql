with grade as (

    select *, row_number() over (
        partition by person_key order by term_code desc, recorded_at desc nulls last, course_code, class_no, exam_nature
    ) as place
    from {{ ref('personal__course_grade') }}

),

counted as (

    select person_key, count(*) as grades
    from {{ ref('personal__course_grade') }}
    group by person_key

)

select
    grade.person_key,
    cast(grade.place as integer) as place,
    cast(counted.grades as integer) as grade_count,
    grade.term_code,
    grade.course_code,
    grade.course_name,
    grade.credits,
    grade.exam_nature,
    grade.usual_score,
    grade.final_score,
    grade.total_score,
    grade.grade_label,
    grade.passed,
    grade.class_p25,
    grade.class_p75,
    grade.share_below
from grade
inner join counted on grade.person_key = counted.person_key
where grade.place <= 5
