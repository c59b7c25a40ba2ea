-- Grain: indicator, period, level, unit. 在校学生数, 全日制在校生数, 折合在校生数, 本科生占全日制在校生总数的比例.
with census as (

    select * from {{ ref('int_statistics__student_census') }}

),

levels as (

    {{ student_levels('census', ['school', 'college', 'major', 'class']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as students,
        sum(case when is_full_time then 1 else 0 end) as full_time,
        sum(case when student_class = 'undergraduate' then 1 else 0 end) as undergraduates,
        sum(weight) as equivalents,
        sum(case when weight <> 1 then 1 else 0 end) as weighted
    from levels
    group by period, on_date, level, unit

),

students_enrolled as (

    {{ indicator_row('students_enrolled', 'students', 'null', 'students', 'students') }}
    from cells

),

full_time_students as (

    {{ indicator_row('full_time_students', 'full_time', 'null', 'full_time',
        smallest_group('full_time', ['students - full_time'])) }}
    from cells
    where level <> 'class'

),

equivalent_students as (

    {{ indicator_row('equivalent_students', 'equivalents', 'null', 'equivalents',
        smallest_group('students', ['weighted'])) }}
    from cells
    where level <> 'class'

),

undergraduate_share as (

    {{ indicator_row('undergraduate_share', 'undergraduates', 'full_time',
        ratio('undergraduates', 'full_time', 100),
        smallest_group('least(undergraduates, full_time)', ['full_time - undergraduates'])) }}
    from cells
    where level <> 'class'

)

select * from students_enrolled
union all
select * from full_time_students
union all
select * from equivalent_students
union all
select * from undergraduate_share
