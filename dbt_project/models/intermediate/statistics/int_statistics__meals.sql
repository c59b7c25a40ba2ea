-- Grain: indicator, period, level, unit. 学生月均食堂消费 = spending at canteen windows in the calendar year ÷
-- student-months with spending. A student counts in the college of the first of that month.
with student_month as (

    select
        student_no,
        {{ year_of('first_meal_date') }} as year,
        first_meal_date as first_day,
        meal_amount as amount
    from {{ ref('int_life__meal_month') }}
    where first_meal_date is not null

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

month_row as (

    select
        cast(student_month.year as string) as period,
        case
            when {{ date_of('student_month.year', 12, 31) }} < {{ as_of_date() }}
                then {{ date_of('student_month.year', 12, 31) }}
            else {{ as_of_date() }}
        end as on_date,
        history.college_code,
        history.major_code,
        student_month.student_no,
        student_month.amount
    from student_month
    left join history
        on student_month.student_no = history.student_no
        and history.valid_from <= student_month.first_day
        and coalesce(history.valid_to, {{ end_of_time() }}) > student_month.first_day

),

levels as (

    {{ student_levels('month_row') }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(amount) as amount,
        count(*) as student_months,
        count(distinct student_no) as students
    from levels
    group by period, on_date, level, unit

)

{{ indicator_row('meal_spend_per_student_month', 'amount', 'student_months', ratio('amount', 'student_months'),
    'students') }}
from cells
