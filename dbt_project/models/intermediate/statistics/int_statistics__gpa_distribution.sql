-- Grain: indicator, period, level, unit. 平均学分绩点分布: students by their average grade point of the academic year,
-- in the college and major of the last term with a grade. The bands are shown beside each other, so the smallest
-- of those that hold anybody stands for all of them.
with student_term as (

    select * from {{ ref('int_study__student_term') }}
    where graded_credits > 0

),

placed as (

    select
        academic_year,
        student_no,
        college_code,
        major_code,
        row_number() over (partition by academic_year, student_no order by term_end_date desc, term_code desc) as place
    from student_term

),

average as (

    select academic_year, student_no, sum(credit_points) as points, sum(graded_credits) as credits
    from student_term
    group by academic_year, student_no

),

banded as (

    select
        average.academic_year as period,
        {{ academic_year_end('average.academic_year') }} as on_date,
        placed.college_code,
        placed.major_code,
        case
            when average.points < average.credits then 1
            when average.points < 2 * average.credits then 2
            when average.points < 2.5 * average.credits then 3
            when average.points < 3 * average.credits then 4
            when average.points < 3.5 * average.credits then 5
            else 6
        end as band
    from average
    inner join placed
        on average.academic_year = placed.academic_year
        and average.student_no = placed.student_no
        and placed.place = 1

),

levels as (

    {{ student_levels('banded', ['school', 'college', 'major']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as students,
        sum(case when band = 1 then 1 else 0 end) as band_1,
        sum(case when band = 2 then 1 else 0 end) as band_2,
        sum(case when band = 3 then 1 else 0 end) as band_3,
        sum(case when band = 4 then 1 else 0 end) as band_4,
        sum(case when band = 5 then 1 else 0 end) as band_5,
        sum(case when band = 6 then 1 else 0 end) as band_6
    from levels
    group by period, on_date, level, unit

),

gpa_below_1 as (

    {{ indicator_row('gpa_below_1', 'band_1', 'students', 'band_1',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

),

gpa_1_to_2 as (

    {{ indicator_row('gpa_1_to_2', 'band_2', 'students', 'band_2',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

),

gpa_2_to_2_5 as (

    {{ indicator_row('gpa_2_to_2_5', 'band_3', 'students', 'band_3',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

),

gpa_2_5_to_3 as (

    {{ indicator_row('gpa_2_5_to_3', 'band_4', 'students', 'band_4',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

),

gpa_3_to_3_5 as (

    {{ indicator_row('gpa_3_to_3_5', 'band_5', 'students', 'band_5',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

),

gpa_3_5_and_above as (

    {{ indicator_row('gpa_3_5_and_above', 'band_6', 'students', 'band_6',
        smallest_group('students', ['band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'band_6'])) }}
    from cells

)

select * from gpa_below_1
union all
select * from gpa_1_to_2
union all
select * from gpa_2_to_2_5
union all
select * from gpa_2_5_to_3
union all
select * from gpa_3_to_3_5
union all
select * from gpa_3_5_and_above
