-- GPA = Σ(best grade point × credits) ÷ Σ credits over the courses of the term that bear a grade point.
with enrolment as (

    select * from {{ ref('fct_enrolment') }}
    where not is_dropped and person_key is not null

)

select
    person_key,
    term_code,
    cast(count(distinct course_code) as integer) as course_count,
    cast(coalesce(sum(credits_earned), 0) as decimal(10, 4)) as credits_earned,
    cast(round({{ ratio(
        'sum(case when best_grade_point is not null then best_grade_point * credits end)',
        'sum(case when best_grade_point is not null then credits end)'
    ) }}, 4) as double) as gpa,
    cast(sum(case when sitting_count > 0 and not passed then 1 else 0 end) as integer) as failed_count
from enrolment
group by person_key, term_code
