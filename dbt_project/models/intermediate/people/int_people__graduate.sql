-- Grain: one student and term with a conclusion of the studies (毕业, 结业, 肄业, 延期). What was concluded in a
-- term stays, whatever a later term brings: who was delayed and graduates a year later has two rows, and only the
-- first is 应届. `graduation_year` is the year in which the academic year ends.
with version as (

    select * from {{ ref('stg_academic_affairs__graduation_result_history') }}

),

standing as (

    select student_no from version
    where valid_to is null and not is_deleted

),

conclusion as (

    select
        student_no,
        graduation_term,
        result,
        is_degree_awarded,
        row_number() over (partition by student_no, graduation_term order by valid_from desc) as place
    from version
    where not is_deleted and graduation_term is not null

),

concluded as (

    select
        conclusion.student_no,
        conclusion.graduation_term,
        substr(conclusion.graduation_term, 1, 9) as academic_year,
        cast(substr(conclusion.graduation_term, 6, 4) as integer) as graduation_year,
        conclusion.result,
        coalesce(conclusion.is_degree_awarded, false) as is_degree_awarded,
        row_number() over (partition by conclusion.student_no order by conclusion.graduation_term) = 1 as is_first,
        case substr(conclusion.graduation_term, 11, 1)
            when '1' then {{ date_of('substr(conclusion.graduation_term, 6, 4)', 1, 31) }}
            else {{ date_of('substr(conclusion.graduation_term, 6, 4)', 6, 30) }}
        end as term_end_date
    from conclusion
    inner join standing on conclusion.student_no = standing.student_no
    where conclusion.place = 1

),

student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

history as (

    select * from {{ ref('int_people__student_history') }}

)

select
    concluded.student_no,
    concluded.graduation_term,
    concluded.academic_year,
    concluded.graduation_year,
    concluded.result,
    concluded.result = '毕业' as is_graduate,
    concluded.is_degree_awarded,
    concluded.is_first,
    concluded.term_end_date,
    student.cultivation_level,
    student.cultivation_level = '3' as is_undergraduate,
    student.entry_date,
    {{ year_of('student.entry_date') }} as entry_year,
    cast(student.school_years as double) as school_years,
    coalesce(then_in.college_code, last_in.college_code) as college_code,
    coalesce(then_in.major_code, last_in.major_code) as major_code,
    coalesce(then_in.class_code, last_in.class_code) as class_code
from concluded
inner join student on concluded.student_no = student.student_no
left join history as then_in
    on concluded.student_no = then_in.student_no
    and then_in.valid_from <= concluded.term_end_date
    and concluded.term_end_date < coalesce(then_in.valid_to, date '9999-12-31')
left join history as last_in on concluded.student_no = last_in.student_no and last_in.is_latest
