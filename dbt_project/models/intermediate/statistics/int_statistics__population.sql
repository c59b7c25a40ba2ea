-- Grain: one period of a head-count and college (null: nowhere). The people that space, equipment and money
-- are divided by; students and staff count where int_statistics__student_census and staff_census say.
with student as (

    select
        period,
        on_date,
        college_code,
        count(*) as students,
        sum(case when is_full_time then 1 else 0 end) as full_time,
        sum(case when student_class = 'undergraduate' then 1 else 0 end) as undergraduates,
        sum(weight) as equivalents,
        sum(case when weight <> 1 then 1 else 0 end) as weighted
    from {{ ref('int_statistics__student_census') }}
    group by period, on_date, college_code

),

staff as (

    select
        period,
        on_date,
        college_code,
        sum(case when is_employed then 1 else 0 end) as staff,
        sum(case when is_full_time_teacher then 1 else 0 end) as teachers
    from {{ ref('int_statistics__staff_census') }}
    group by period, on_date, college_code

),

both_kinds as (

    select
        period, on_date, college_code, students, full_time, undergraduates, equivalents, weighted,
        0 as staff, 0 as teachers
    from student
    union all
    select period, on_date, college_code, 0, 0, 0, 0, 0, staff, teachers
    from staff

)

select
    period,
    on_date,
    college_code,
    cast(sum(students) as bigint) as students,
    cast(sum(full_time) as bigint) as full_time,
    cast(sum(undergraduates) as bigint) as undergraduates,
    cast(sum(equivalents) as decimal(20, 1)) as equivalents,
    cast(sum(weighted) as bigint) as weighted,
    cast(sum(staff) as bigint) as staff,
    cast(sum(teachers) as bigint) as teachers
from both_kinds
group by period, on_date, college_code
