-- Grain: one student in residence on one head-count date. The weight is the one of 教发〔2004〕2号; the
-- code table of student categories tells no part-time postgraduates apart, so all count as full-time.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

history as (

    select * from {{ ref('int_people__student_history') }}
    where current_status in {{ enrolled_statuses() }}

),

student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

counted as (

    select
        census.period,
        census.on_date,
        census.is_running,
        history.student_no,
        history.college_code,
        history.major_code,
        history.class_code,
        student.cultivation_level,
        case
            when student.entry_mode = '12' or student.overseas_status in ('41', '51') then 'international'
            when student.student_category like '432%' then 'doctor'
            when student.student_category like '431%' then 'master'
            when student.student_category in ('42101', '42102', '42103') then 'undergraduate'
            when student.student_category like '411%' then 'junior_college'
            when student.student_category like '4_21_' then 'correspondence'
            when student.student_category like '4_22_' then 'evening'
            when student.student_category like '4_23_' then 'adult_full_time'
            when student.student_category = '91400' then 'preparatory'
            when student.student_category = '92100' then 'visiting'
            else 'other'
        end as student_class
    from census
    inner join history
        on history.valid_from <= census.on_date
        and coalesce(history.valid_to, {{ end_of_time() }}) > census.on_date
    inner join student on history.student_no = student.student_no

)

select
    counted.*,
    case student_class
        when 'international' then 3
        when 'doctor' then 2
        when 'master' then 1.5
        when 'evening' then 0.3
        when 'correspondence' then 0.1
        when 'other' then 0
        else 1
    end as weight,
    student_class not in ('evening', 'correspondence', 'other') as is_full_time
from counted
