-- Grain: one student and term with grades, with the college, major and class the student was in at the end of
-- the term. First sittings are those of 考试性质 01: absence and cheating fail, whatever else the row says;
-- deferred (02) and later sittings do not count; a row without a result is no sitting yet. Of several sittings of
-- one class the best grade point counts, weighted by the course's credits.
with sitting as (

    select * from {{ ref('int_study__sitting') }}

),

first_sitting as (

    select
        student_no,
        class_no,
        course_code,
        term_code,
        grade_point,
        case when passed is not null or absent_cheat is not null then 1 else 0 end as sittings,
        case when absent_cheat is not null or not passed then 1 else 0 end as failed
    from sitting
    where exam_nature = '01'

),

-- few beside the first ones; grouping all of them by class would cost ten times as much
later_sitting as (

    select
        student_no,
        class_no,
        min(course_code) as course_code,
        min(term_code) as term_code,
        max(grade_point) as grade_point
    from sitting
    where exam_nature <> '01'
    group by student_no, class_no

),

student_class as (

    select
        coalesce(first_sitting.student_no, later_sitting.student_no) as student_no,
        coalesce(first_sitting.term_code, later_sitting.term_code) as term_code,
        coalesce(first_sitting.course_code, later_sitting.course_code) as course_code,
        case
            when first_sitting.grade_point >= later_sitting.grade_point then first_sitting.grade_point
            else coalesce(later_sitting.grade_point, first_sitting.grade_point)
        end as grade_point,
        coalesce(first_sitting.sittings, 0) as first_sittings,
        coalesce(first_sitting.failed, 0) as first_failed
    from first_sitting
    full outer join later_sitting
        on first_sitting.student_no = later_sitting.student_no
        and first_sitting.class_no = later_sitting.class_no

),

course as (

    select course_code, credits from {{ ref('stg_academic_affairs__course') }}

),

student_term as (

    select
        student_class.student_no,
        student_class.term_code,
        sum(student_class.first_sittings) as first_sittings,
        sum(student_class.first_failed) as first_failed,
        sum(case when student_class.grade_point is not null then course.credits end) as graded_credits,
        sum(student_class.grade_point * course.credits) as credit_points
    from student_class
    left join course on student_class.course_code = course.course_code
    group by student_class.student_no, student_class.term_code

),

term as (

    select * from {{ ref('int_calendar__term') }}

),

history as (

    select * from {{ ref('int_people__student_history') }}

)

select
    student_term.student_no,
    student_term.term_code,
    term.academic_year,
    term.nominal_end_date as term_end_date,
    coalesce(then_in.college_code, last_in.college_code) as college_code,
    coalesce(then_in.major_code, last_in.major_code) as major_code,
    coalesce(then_in.class_code, last_in.class_code) as class_code,
    cast(student_term.first_sittings as bigint) as first_sittings,
    cast(student_term.first_failed as bigint) as first_failed,
    cast(coalesce(student_term.graded_credits, 0) as decimal(18, 4)) as graded_credits,
    cast(coalesce(student_term.credit_points, 0) as decimal(18, 4)) as credit_points
from student_term
inner join term on student_term.term_code = term.term_code
left join history as then_in
    on student_term.student_no = then_in.student_no
    and then_in.valid_from <= term.nominal_end_date
    and term.nominal_end_date < coalesce(then_in.valid_to, date '9999-12-31')
left join history as last_in on student_term.student_no = last_in.student_no and last_in.is_latest
