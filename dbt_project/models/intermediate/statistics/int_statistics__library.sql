-- Grain: indicator, period, level, unit. 生均纸质图书借阅量 = loans of students in the calendar year ÷
-- full-time students at the year's head-count. A loan counts in the college the student was in that day.
with year as (

    select * from {{ ref('int_calendar__year') }}

),

census as (

    select * from {{ ref('int_statistics__student_census') }}
    where is_full_time

),

population_row as (

    select year.period, year.on_date, census.college_code, census.student_no
    from year
    inner join census on year.census_period = census.period

),

population_level as (

    {{ student_levels('population_row', ['school', 'college']) }}

),

population as (

    select period, on_date, level, unit, parent_unit, count(*) as students
    from population_level
    group by period, on_date, level, unit, parent_unit

),

loan as (

    select *, {{ beijing_date('borrowed_at') }} as loan_date
    from {{ ref('stg_library_management__library_loan') }}
    where reader_kind = '学生'

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

loan_row as (

    select
        cast({{ year_of('loan.loan_date') }} as varchar) as period,
        history.college_code,
        loan.loan_id,
        loan.reader_no
    from loan
    left join history
        on loan.reader_no = history.student_no
        and history.valid_from <= loan.loan_date
        and (history.valid_to is null or history.valid_to > loan.loan_date)

),

loan_level as (

    {{ student_levels('loan_row', ['school', 'college']) }}

),

borrowed as (

    select period, level, unit, count(*) as loans, count(distinct reader_no) as readers
    from loan_level
    group by period, level, unit

),

cells as (

    select
        population.*,
        coalesce(borrowed.loans, 0) as loans,
        coalesce(borrowed.readers, 0) as readers
    from population
    left join borrowed
        on population.period = borrowed.period
        and population.level = borrowed.level
        and population.unit = borrowed.unit

)

{{ indicator_row('loans_per_student', 'loans', 'students', ratio('loans', 'students'),
    'least(students, readers)') }}
from cells
