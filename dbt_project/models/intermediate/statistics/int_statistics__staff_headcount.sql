-- Grain: indicator, period, level, unit. 教职工数, 专任教师数, 聘请校外教师比例. At level college the unit is the college or
-- office of the post that holds on the day, so the parts sum to the school.
with census as (

    select * from {{ ref('int_statistics__staff_census') }}

),

levels as (

    {{ student_levels('census', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(case when is_employed then 1 else 0 end) as staff,
        sum(case when is_full_time_teacher then 1 else 0 end) as teachers,
        sum(case when is_external_teacher then 1 else 0 end) as from_outside
    from levels
    group by period, on_date, level, unit

),

staff_employed as (

    {{ indicator_row('staff_employed', 'staff', 'null', 'staff', 'staff') }}
    from cells
    where staff > 0 or level = 'school'

),

full_time_teachers as (

    {{ indicator_row('full_time_teachers', 'teachers', 'null', 'teachers',
        smallest_group('teachers', ['staff - teachers'])) }}
    from cells
    where teachers > 0 or level = 'school'

),

external_teacher_share as (

    {{ indicator_row('external_teacher_share', 'from_outside', 'teachers', ratio('from_outside', 'teachers', 100),
        smallest_group('teachers', ['from_outside'])) }}
    from cells
    where teachers > 0 or from_outside > 0 or level = 'school'

)

select * from staff_employed
union all
select * from full_time_teachers
union all
select * from external_teacher_share
