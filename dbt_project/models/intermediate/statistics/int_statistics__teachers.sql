-- Grain: indicator, period, level, unit. Degrees and titles of the full-time teachers on the head-count date:
-- 具有研究生学位教师占专任教师的比例, 博士学位教师比例, 具有高级职称的专任教师比例.
with teacher as (

    select * from {{ ref('int_statistics__staff_standing') }}
    where is_full_time_teacher

),

levels as (

    {{ student_levels('teacher', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        count(*) as teachers,
        sum(case when has_postgraduate_degree then 1 else 0 end) as postgraduates,
        sum(case when has_doctorate then 1 else 0 end) as doctors,
        sum(case when has_senior_title then 1 else 0 end) as seniors
    from levels
    group by period, on_date, level, unit, parent_unit

),

postgraduate_degree_teacher_share as (

    {{ indicator_row('postgraduate_degree_teacher_share', 'postgraduates', 'teachers',
        ratio('postgraduates', 'teachers', 100),
        smallest_group('least(postgraduates, teachers)', ['teachers - postgraduates'])) }}
    from cells

),

doctoral_teacher_share as (

    {{ indicator_row('doctoral_teacher_share', 'doctors', 'teachers', ratio('doctors', 'teachers', 100),
        smallest_group('least(doctors, teachers)', ['teachers - doctors', 'postgraduates - doctors'])) }}
    from cells

),

senior_title_teacher_share as (

    {{ indicator_row('senior_title_teacher_share', 'seniors', 'teachers', ratio('seniors', 'teachers', 100),
        smallest_group('least(seniors, teachers)', ['teachers - seniors'])) }}
    from cells

)

select * from postgraduate_degree_teacher_share
union all
select * from doctoral_teacher_share
union all
select * from senior_title_teacher_share
