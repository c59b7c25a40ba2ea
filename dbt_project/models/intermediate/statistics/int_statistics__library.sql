-- Grain: indicator, period, level, unit. 生均纸质图书借阅量, 图书借阅率, 生均入馆次数 by calendar year, over the full-time
-- students of the year's head-count. Loans and visits count in the college the student was in that day,
-- borrowers in that of the head-count: only whoever is in the denominator can be a borrower.
with year as (

    select * from {{ ref('int_calendar__year') }}

),

loan as (

    select
        cast({{ year_of(beijing_date('borrowed_at')) }} as string) as period,
        {{ beijing_date('borrowed_at') }} as on_day,
        reader_no
    from {{ ref('int_life__library_loan') }}
    where reader_kind = '学生'

),

student_number as (

    select number from {{ ref('int_people__number') }}
    where kind = 'student'

),

visit as (

    select
        cast({{ year_of('gate.visit_date') }} as string) as period,
        gate.visit_date as on_day,
        gate.reader_no,
        gate.entries
    from {{ ref('int_life__library_visit') }} as gate
    inner join student_number on gate.reader_no = student_number.number

),

borrower as (

    select distinct period, reader_no from loan

),

population_row as (

    select
        year.period,
        census.college_code,
        census.major_code,
        census.student_no,
        case when borrower.reader_no is not null then 1 else 0 end as is_borrower
    from year
    inner join {{ ref('int_statistics__student_census') }} as census on year.census_period = census.period
    left join borrower on year.period = borrower.period and census.student_no = borrower.reader_no
    where census.is_full_time

),

population_level as (

    {{ student_levels('population_row') }}

),

loan_row as (

    {{ placed_students('loan', 'reader_no', 'on_day') }}

),

loan_level as (

    {{ student_levels('loan_row') }}

),

visit_row as (

    {{ placed_students('visit', 'reader_no', 'on_day') }}

),

visitor_row as (

    select period, college_code, major_code, reader_no, sum(entries) as entries
    from visit_row
    group by period, college_code, major_code, reader_no

),

visitor_level as (

    {{ student_levels('visitor_row') }}

),

-- A unit that has loans and no students any more still has its row: the parts sum to the school.
counted as (

    select
        period, level, unit, max(parent_unit) as parent_unit, count(*) as students, sum(is_borrower) as borrowers,
        0 as loans, 0 as readers, 0 as entries, 0 as visitors
    from population_level
    group by period, level, unit
    union all
    select period, level, unit, max(parent_unit), 0, 0, count(*), count(distinct reader_no), 0, 0
    from loan_level
    group by period, level, unit
    union all
    select period, level, unit, max(parent_unit), 0, 0, 0, 0, sum(entries), count(distinct reader_no)
    from visitor_level
    group by period, level, unit

),

cells as (

    select
        year.period,
        year.on_date,
        counted.level,
        counted.unit,
        max(counted.parent_unit) as parent_unit,
        sum(counted.students) as students,
        sum(counted.borrowers) as borrowers,
        sum(counted.loans) as loans,
        sum(counted.readers) as readers,
        sum(counted.entries) as entries,
        sum(counted.visitors) as visitors
    from counted
    inner join year on counted.period = year.period
    group by year.period, year.on_date, counted.level, counted.unit

),

loans_per_student as (

    {{ indicator_row('loans_per_student', 'loans', 'students', ratio('loans', 'students'),
        'least(students, readers)') }}
    from cells

),

borrowing_student_share as (

    {{ indicator_row('borrowing_student_share', 'borrowers', 'students', ratio('borrowers', 'students', 100),
        smallest_group('least(students, borrowers)', ['students - borrowers'])) }}
    from cells

),

library_visits_per_student as (

    {{ indicator_row('library_visits_per_student', 'entries', 'students', ratio('entries', 'students'),
        'least(students, visitors)') }}
    from cells

)

select * from loans_per_student
union all
select * from borrowing_student_share
union all
select * from library_visits_per_student
