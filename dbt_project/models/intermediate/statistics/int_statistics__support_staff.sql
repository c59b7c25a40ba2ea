-- Grain: indicator, period, level, unit. Full-time students to each counsellor (学院 and school), to each
-- teacher of ideology and politics and to each teacher of mental health (school only: they serve the whole
-- school). Null where there is none.
with student as (

    select * from {{ ref('int_statistics__student_census') }}
    where is_full_time

),

student_level as (

    {{ student_levels('student', ['school', 'college']) }}

),

student_cell as (

    select period, on_date, level, unit, parent_unit, count(*) as students
    from student_level
    group by period, on_date, level, unit, parent_unit

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

staff as (

    select
        standing.*,
        standing.is_full_time_teacher and coalesce(unit.unit_name like '%马克思主义%', false) as is_politics_teacher
    from {{ ref('int_statistics__staff_standing') }} as standing
    left join unit on standing.college_code = unit.unit_code

),

staff_level as (

    {{ student_levels('staff', ['school', 'college']) }}

),

staff_cell as (

    select
        period,
        max(on_date) as on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(case when is_counsellor then 1 else 0 end) as counsellors,
        sum(case when is_politics_teacher then 1 else 0 end) as politics_teachers,
        sum(case when is_psychology_teacher then 1 else 0 end) as psychology_teachers
    from staff_level
    group by period, level, unit

),

-- a unit with counsellors and no students stands in the list too, so that the parts sum to the school
cells as (

    select
        coalesce(student_cell.period, staff_cell.period) as period,
        coalesce(student_cell.on_date, staff_cell.on_date) as on_date,
        coalesce(student_cell.level, staff_cell.level) as level,
        coalesce(student_cell.unit, staff_cell.unit) as unit,
        coalesce(student_cell.parent_unit, staff_cell.parent_unit) as parent_unit,
        coalesce(student_cell.students, 0) as students,
        coalesce(staff_cell.counsellors, 0) as counsellors,
        coalesce(staff_cell.politics_teachers, 0) as politics_teachers,
        coalesce(staff_cell.psychology_teachers, 0) as psychology_teachers
    from student_cell
    full outer join staff_cell
        on student_cell.period = staff_cell.period
        and student_cell.level = staff_cell.level
        and student_cell.unit = staff_cell.unit

),

students_per_counsellor as (

    {{ indicator_row('students_per_counsellor', 'students', 'counsellors', ratio('students', 'counsellors'),
        smallest_group('students', ['counsellors'])) }}
    from cells
    where level = 'school' or students > 0 or counsellors > 0

),

students_per_politics_teacher as (

    {{ indicator_row('students_per_politics_teacher', 'students', 'politics_teachers',
        ratio('students', 'politics_teachers'), smallest_group('students', ['politics_teachers'])) }}
    from cells
    where level = 'school'

),

students_per_psychology_teacher as (

    {{ indicator_row('students_per_psychology_teacher', 'students', 'psychology_teachers',
        ratio('students', 'psychology_teachers'), smallest_group('students', ['psychology_teachers'])) }}
    from cells
    where level = 'school'

)

select * from students_per_counsellor
union all
select * from students_per_politics_teacher
union all
select * from students_per_psychology_teacher
