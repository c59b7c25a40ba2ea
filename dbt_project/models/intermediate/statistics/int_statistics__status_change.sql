-- Grain: indicator, period, level, unit. 学籍异动率 = changes (休学, 退学, 转专业, 降级, 保留学籍) that took effect in
-- the academic year ÷ students in residence on 30 September of its first year. A change counts in the college and
-- major the student left or was in.
with census as (

    select * from {{ ref('int_statistics__student_census') }}
    where not is_running

),

change as (

    select *, {{ academic_year_of('effective_date') }} as academic_year
    from {{ ref('stg_student_affairs__student_status_change') }}
    where
        change_type in ('03', '11', '19', '23', '31')
        and effective_date <= {{ as_of_date() }}

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

row_of_either as (

    select
        period || '-' || cast(cast(period as integer) + 1 as string) as academic_year,
        college_code,
        major_code,
        student_no,
        1 as students,
        0 as changes
    from census
    union all
    select
        change.academic_year,
        coalesce(change.from_college, then_in.college_code),
        coalesce(change.from_major, then_in.major_code),
        change.student_no,
        0,
        1
    from change
    left join history as then_in
        on change.student_no = then_in.student_no
        and then_in.valid_from <= change.effective_date
        and change.effective_date < coalesce(then_in.valid_to, date '9999-12-31')
    -- a year without a head-count at its beginning has no denominator and no place here
    where {{ census_of('change.academic_year') }} in (select period from census)

),

levels as (

    {{ student_levels('row_of_either', ['school', 'college', 'major']) }}

),

cells as (

    select
        academic_year as period,
        {{ academic_year_end('academic_year') }} as on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(students) as students,
        sum(changes) as changes,
        count(distinct case when changes > 0 then student_no end) as changed
    from levels
    group by academic_year, level, unit

)

{{ indicator_row('status_change_rate', 'changes', 'students', ratio('changes', 'students', 100),
    smallest_group('students', ['changed'])) }}
from cells
