-- Grain: one student, teaching class and kind of sitting. Standing in the class is measured on the first
-- sitting (正常考试) among those with a score, and only where the class is large enough that no classmate
-- can be read off it.
with grade as (

    select * from {{ ref('stg_academic_affairs__course_grade') }}

),

first_sitting as (

    select
        class_no,
        student_no,
        total_score,
        count(*) over (partition by class_no) as class_count,
        percent_rank() over (partition by class_no order by total_score) as share_below
    from grade
    where exam_nature = '01' and total_score is not null

),

class as (

    select
        class_no,
        count(*) as class_count,
        {{ quantile('total_score', 0.25) }} as class_p25,
        {{ quantile('total_score', 0.5) }} as class_median,
        {{ quantile('total_score', 0.75) }} as class_p75
    from first_sitting
    group by class_no

)

select
    grade.*,
    cast(coalesce(class.class_count, 0) as integer) as class_count,
    {% for column in ['class_p25', 'class_median', 'class_p75'] %}
    case
        when class.class_count >= {{ var('class_minimum_cell') }} then cast(class.{{ column }} as double)
    end as {{ column }},
    {% endfor %}
    case
        when
            class.class_count >= {{ var('class_minimum_cell') }} and grade.exam_nature = '01'
            then cast(first_sitting.share_below as double)
    end as share_below
from grade
left join class on grade.class_no = class.class_no
left join first_sitting
    on grade.class_no = first_sitting.class_no
    and grade.student_no = first_sitting.student_no
    and grade.exam_nature = '01'
