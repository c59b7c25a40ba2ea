-- Grain: indicator, period, level, unit. 课程不及格率 and 平均学分绩点 of the academic year. A term counts in the
-- college, major and class the student was in at its end.
with student_term as (

    select
        academic_year as period,
        {{ academic_year_end('academic_year') }} as on_date,
        student_no,
        college_code,
        major_code,
        class_code,
        first_sittings,
        first_failed,
        graded_credits,
        credit_points
    from {{ ref('int_study__student_term') }}

),

levels as (

    {{ student_levels('student_term', ['school', 'college', 'major', 'class']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(first_sittings) as sittings,
        sum(first_failed) as failed,
        count(distinct case when first_sittings > 0 then student_no end) as sitters,
        count(distinct case when first_failed > 0 then student_no end) as failers,
        sum(graded_credits) as credits,
        sum(credit_points) as points,
        count(distinct case when graded_credits > 0 then student_no end) as graded
    from levels
    group by period, on_date, level, unit

),

fail_rate as (

    {{ indicator_row('fail_rate', 'failed', 'sittings', ratio('failed', 'sittings', 100),
        smallest_group('sitters', ['failers', 'sitters - failers'])) }}
    from cells

),

average_gpa as (

    {{ indicator_row('average_gpa', 'points', 'credits', ratio('points', 'credits'), 'graded') }}
    from cells

)

select * from fail_rate
union all
select * from average_gpa
