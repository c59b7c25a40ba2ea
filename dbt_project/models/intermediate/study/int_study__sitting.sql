-- Grain: one student, teaching class and kind of sitting. Standing in the class is measured on the first
-- sitting (正常考试) among those with a score, and only where the class is large enough that no classmate
-- can be read off it.
with grade as (

    select * from {{ ref('stg_academic_affairs__course_grade') }}

),

marked as (

    select
        grade.*,
        exam_nature = '01' and total_score is not null as is_ranked
    from grade

),

ranked as (

    select
        marked.*,
        percent_rank() over (partition by class_no, is_ranked order by total_score) as place
    from marked

),

class as (

    select
        class_no,
        count(*) as class_count,
        {{ quantile('total_score', 0.25) }} as class_p25,
        {{ quantile('total_score', 0.5) }} as class_median,
        {{ quantile('total_score', 0.75) }} as class_p75
    from marked
    where is_ranked
    group by class_no

)

select
    ranked.student_no,
    ranked.class_no,
    ranked.course_code,
    ranked.term_code,
    ranked.exam_nature,
    ranked.exam_mode,
    ranked.grade_label,
    ranked.absent_cheat,
    ranked.usual_score,
    ranked.final_score,
    ranked.total_score,
    ranked.grade_point,
    ranked.credits_earned,
    ranked.passed,
    ranked.recorded_at,
    cast(coalesce(class.class_count, 0) as integer) as class_count,
    {% for column in ['class_p25', 'class_median', 'class_p75'] %}
    case
        when class.class_count >= {{ var('class_minimum_cell') }} then cast(class.{{ column }} as double)
    end as {{ column }},
    {% endfor %}
    case
        when class.class_count >= {{ var('class_minimum_cell') }} and ranked.is_ranked
            then cast(ranked.place as double)
    end as share_below,
    ranked.updated_at
from ranked
left join class on ranked.class_no = class.class_no
