-- Grain: indicator, period, level, unit. What the staff of an academic year's head-count (30 September of its
-- first year) lead in that year: 双师双能型教师比例, 主讲本科课程的教授占教授总数的比例, 专任教师人均授课学时 and
-- 人均授课门次. Who teaches counts in the college of the post on that day.
with class as (

    select * from {{ ref('int_study__class') }}

),

year as (

    select academic_year, {{ census_of('academic_year') }} as census_period, {{ academic_year_end('academic_year') }} as on_date
    from (select distinct academic_year from class) as years

),

led as (

    select
        academic_year,
        lead_staff_no as staff_no,
        count(*) as classes,
        sum(hours) as hours,
        sum(case when is_undergraduate and not is_lecture_series then 1 else 0 end) as undergraduate_classes,
        sum(case when course_nature = '3' then 1 else 0 end) as major_classes
    from class
    group by academic_year, lead_staff_no

),

affiliation as (

    select * from {{ ref('stg_form_colleges__staff_academic_affiliation') }}
    where is_dual_qualified

),

staff as (

    select
        year.academic_year as period,
        year.on_date,
        standing.staff_no,
        standing.college_code,
        standing.is_full_time_teacher,
        standing.is_employed and standing.is_professor as is_professor,
        coalesce(led.classes, 0) as classes,
        coalesce(led.hours, 0) as hours,
        coalesce(led.undergraduate_classes, 0) > 0 as leads_undergraduates,
        standing.is_full_time_teacher and coalesce(led.major_classes, 0) > 0 as teaches_major_courses,
        affiliation.staff_no is not null as is_dual_qualified
    from year
    inner join {{ ref('int_statistics__staff_standing') }} as standing on year.census_period = standing.period
    left join led on standing.staff_no = led.staff_no and year.academic_year = led.academic_year
    left join affiliation
        on standing.staff_no = affiliation.staff_no
        and year.academic_year = affiliation.academic_year

),

levels as (

    {{ student_levels('staff', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        sum(case when teaches_major_courses then 1 else 0 end) as major_teachers,
        sum(case when teaches_major_courses and is_dual_qualified then 1 else 0 end) as dual_qualified,
        sum(case when is_professor then 1 else 0 end) as professors,
        sum(case when is_professor and leads_undergraduates then 1 else 0 end) as professors_leading,
        sum(case when is_full_time_teacher then 1 else 0 end) as teachers,
        sum(case when is_full_time_teacher then hours else 0 end) as hours,
        sum(case when is_full_time_teacher then classes else 0 end) as classes
    from levels
    group by period, on_date, level, unit, parent_unit

),

dual_qualified_share as (

    {{ indicator_row('dual_qualified_share', 'dual_qualified', 'major_teachers',
        ratio('dual_qualified', 'major_teachers', 100),
        smallest_group('least(dual_qualified, major_teachers)', ['major_teachers - dual_qualified'])) }}
    from cells
    where level = 'school' or major_teachers > 0

),

professors_teaching_share as (

    {{ indicator_row('professors_teaching_share', 'professors_leading', 'professors',
        ratio('professors_leading', 'professors', 100),
        smallest_group('least(professors_leading, professors)', ['professors - professors_leading'])) }}
    from cells
    where level = 'school' or professors > 0

),

teaching_hours_per_teacher as (

    {{ indicator_row('teaching_hours_per_teacher', 'hours', 'teachers', ratio('hours', 'teachers'), 'teachers') }}
    from cells
    where level = 'school' or teachers > 0

),

classes_per_teacher as (

    {{ indicator_row('classes_per_teacher', 'classes', 'teachers', ratio('classes', 'teachers'), 'teachers') }}
    from cells
    where level = 'school' or teachers > 0

)

select * from dual_qualified_share
union all
select * from professors_teaching_share
union all
select * from teaching_hours_per_teacher
union all
select * from classes_per_teacher
