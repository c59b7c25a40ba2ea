-- Grain: indicator, period, level, unit. 高不及格率课程门数: judged courses of the academic year of which at least
-- the set share fails at the first sitting, in the college that offers them. Counts courses and no people.
with course as (

    select
        academic_year as period,
        {{ academic_year_end('academic_year') }} as on_date,
        college_code,
        is_hot_spot
    from {{ ref('int_study__course_year') }}
    where is_judged

),

levels as (

    {{ student_levels('course', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        count(*) as courses,
        sum(case when is_hot_spot then 1 else 0 end) as hot_spots
    from levels
    group by period, on_date, level, unit, parent_unit

)

{{ indicator_row('course_failure_hotspots', 'hot_spots', 'courses', 'hot_spots', 'null') }}
from cells
