-- Grain: indicator, period, level, unit. 生师比 = 折合在校生数 ÷ (专任教师数 + 聘请校外教师数 × 0.5); null
-- where there is no teacher. Levels school and the colleges that have students.
with student as (

    select * from {{ ref('int_statistics__student_census') }}

),

student_level as (

    {{ student_levels('student', ['school', 'college']) }}

),

student_cell as (

    select period, on_date, level, unit, max(parent_unit) as parent_unit, count(*) as students, sum(weight) as equivalents
    from student_level
    group by period, on_date, level, unit

),

staff as (

    select * from {{ ref('int_statistics__staff_census') }}

),

staff_level as (

    {{ student_levels('staff', ['school', 'college']) }}

),

staff_cell as (

    select
        period,
        level,
        unit,
        sum(case when is_full_time_teacher then 1 else 0 end) as full_time,
        sum(case when is_external_teacher then 1 else 0 end) as external
    from staff_level
    group by period, level, unit

),

cells as (

    select
        student_cell.*,
        coalesce(staff_cell.full_time, 0) as full_time,
        coalesce(staff_cell.external, 0) as external,
        coalesce(staff_cell.full_time, 0) + 0.5 * coalesce(staff_cell.external, 0) as teachers
    from student_cell
    left join staff_cell
        on student_cell.period = staff_cell.period
        and student_cell.level = staff_cell.level
        and student_cell.unit = staff_cell.unit

)

{{ indicator_row('student_teacher_ratio', 'equivalents', 'teachers', ratio('equivalents', 'teachers'),
    smallest_group('least(students, full_time)', ['external'])) }}
from cells
