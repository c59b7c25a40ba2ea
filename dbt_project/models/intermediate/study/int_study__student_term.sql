-- Grain: one student and term with grades, with the college, major and class the student was in at the end of
-- the term. First sittings are those of 考试性质 01: absence and cheating fail, whatever else the row says;
-- deferred (02) and later sittings do not count; a row without a result is no sitting yet. Of several sittings of
-- one class the best grade point counts, weighted by the course's credits.
with sitting as (

    select
        student_no,
        class_no,
        course_code,
        term_code,
        grade_point,
        exam_nature = '01' and (passed is not null or absent_cheat is not null) as is_first,
        absent_cheat is not null or not passed as is_failed
    from {{ ref('int_study__sitting') }}

),

student_class as (

    select
        student_no,
        term_code,
        class_no,
        course_code,
        max(grade_point) as grade_point,
        sum(case when is_first then 1 else 0 end) as first_sittings,
        sum(case when is_first and is_failed then 1 else 0 end) as first_failed
    from sitting
    group by student_no, term_code, class_no, course_code

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
    cast(coalesce(student_term.graded_credits, 0) as double) as graded_credits,
    cast(coalesce(student_term.credit_points, 0) as double) as credit_points
from student_term
inner join term on student_term.term_code = term.term_code
left join history as then_in
    on student_term.student_no = then_in.student_no
    and then_in.valid_from <= term.nominal_end_date
    and term.nominal_end_date < coalesce(then_in.valid_to, date '9999-12-31')
left join history as last_in on student_term.student_no = last_in.student_no and last_in.is_latest
