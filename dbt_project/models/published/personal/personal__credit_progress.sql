-- A course counts once, however often it was taken; courses of a minor belong to another plan. Electives are what the
-- plan leaves beside the required credits; practice is counted by the course's category and lies within the other two.
{%- set kinds = [
    ('全部', 'major.total_credits', 'true'),
    ('必修', 'major.required_credits', 'taken.is_required'),
    ('选修', 'major.total_credits - major.required_credits', 'not taken.is_required'),
    ('集中实践', 'major.practice_credits', 'taken.is_practice'),
] %}
with student as (

    select * from {{ ref('dim_student') }}
    where is_latest

),

major as (

    select * from {{ ref('dim_major') }}

),

enrolment as (

    select * from {{ ref('fct_enrolment') }}
    where not is_dropped and coalesce(course_attribute, '') not in {{ minor_attributes() }}

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

newest as (

    select max(term_code) as term_code from enrolment

),

taken as (

    select
        enrolment.student_no,
        enrolment.course_code,
        max(case when enrolment.course_attribute in {{ required_attributes() }} then 1 else 0 end) = 1 as is_required,
        max(case when course.course_category in {{ practice_categories() }} then 1 else 0 end) = 1 as is_practice,
        max(enrolment.credits_earned) as earned,
        max(case
            when enrolment.sitting_count = 0 and enrolment.term_code = newest.term_code then enrolment.credits
        end) as ongoing
    from enrolment
    cross join newest
    left join course on enrolment.course_code = course.course_code
    group by enrolment.student_no, enrolment.course_code

),

progress as (

    {% for kind, planned, counts in kinds %}
    select
        student.person_key,
        student.student_no,
        major.major_name,
        {{ loop.index }} as seq,
        '{{ kind }}' as credit_kind,
        {{ planned }} as planned,
        coalesce(sum(case when {{ counts }} then taken.earned end), 0) as earned,
        coalesce(sum(case when {{ counts }} then taken.ongoing end), 0) as ongoing
    from student
    inner join major on student.major_code = major.major_code
    left join taken on student.student_no = taken.student_no
    where {{ planned }} is not null
    group by student.person_key, student.student_no, major.major_name, {{ planned }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    person_key,
    student_no,
    major_name,
    cast(seq as integer) as seq,
    credit_kind,
    cast(planned as decimal(10, 4)) as planned_credits,
    cast(earned as decimal(10, 4)) as earned_credits,
    cast(ongoing as decimal(10, 4)) as ongoing_credits,
    cast(case when planned > earned then planned - earned else 0 end as decimal(10, 4)) as remaining_credits
from progress
