-- Grain: indicator, period, level, unit. 教授授本科课程占总课程数的比例 and 学生评教覆盖比例 over the undergraduate
-- classes of the academic year, in the college that offers the course. Neither counts people.
with class as (

    select * from {{ ref('int_study__class') }}
    where is_undergraduate

),

professor as (

    select period, staff_no from {{ ref('int_statistics__staff_standing') }}
    where is_professor

),

evaluated as (

    select distinct class_no from {{ ref('stg_academic_affairs__teaching_evaluation') }}
    where evaluator_group = '学生' and rater_count > 0

),

counted as (

    select
        class.academic_year as period,
        {{ academic_year_end('class.academic_year') }} as on_date,
        class.college_code,
        professor.staff_no is not null and not class.is_lecture_series as is_led_by_professor,
        class.term_end_date <= {{ as_of_date() }} as is_over,
        evaluated.class_no is not null as is_evaluated
    from class
    left join professor
        on class.lead_staff_no = professor.staff_no
        and {{ census_of('class.academic_year') }} = professor.period
    left join evaluated on class.class_no = evaluated.class_no

),

levels as (

    {{ student_levels('counted', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        count(*) as classes,
        sum(case when is_led_by_professor then 1 else 0 end) as led_by_professors,
        sum(case when is_over then 1 else 0 end) as classes_over,
        sum(case when is_over and is_evaluated then 1 else 0 end) as evaluated
    from levels
    group by period, on_date, level, unit, parent_unit

),

census as (

    select distinct period as census_period from {{ ref('int_statistics__staff_census') }}

),

professor_course_share as (

    {{ indicator_row('professor_course_share', 'led_by_professors', 'classes',
        ratio('led_by_professors', 'classes', 100), 'null') }}
    from cells
    inner join census on {{ census_of('cells.period') }} = census.census_period

),

evaluation_coverage as (

    {{ indicator_row('evaluation_coverage', 'evaluated', 'classes_over', ratio('evaluated', 'classes_over', 100),
        'null') }}
    from cells
    where classes_over > 0

)

select * from professor_course_share
union all
select * from evaluation_coverage
