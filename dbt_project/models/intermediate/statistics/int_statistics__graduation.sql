-- Grain: indicator, period, level, unit. What became of those whose studies were concluded in an academic year:
-- 应届本科生毕业率, 学位授予率, 四级累计通过率, 体质测试达标率, 平均修业年限; of undergraduates, in the college,
-- major and class of the end of that term. 应届 are those concluded for the first time.
with graduate as (

    select * from {{ ref('int_people__graduate') }}
    where is_undergraduate

),

certificate as (

    select * from {{ ref('stg_student_affairs__student_certificate') }}
    where exam_code = 'CET4'

),

-- the first year whose graduates could sit for it from their first December on; before, records are missing
cet4_from as (

    select {{ year_of('min(exam_date)') }} + 4 as graduation_year from certificate

),

-- what counts is what was reached by the end of the academic year
cet4 as (

    select distinct graduate.student_no, graduate.graduation_term
    from graduate
    inner join certificate on graduate.student_no = certificate.student_no
    where
        certificate.score >= 425
        and certificate.exam_date <= {{ academic_year_end('graduate.academic_year') }}

),

tested as (

    select
        graduate.student_no,
        graduate.graduation_term,
        test.fitness_grade,
        row_number() over (
            partition by graduate.student_no, graduate.graduation_term order by test.year desc
        ) as place
    from graduate
    inner join {{ ref('stg_form_sports_college__student_fitness_test') }} as test
        on graduate.student_no = test.student_no
        and test.year <= graduate.graduation_year

),

fit as (

    select student_no, graduation_term from tested
    where place = 1 and fitness_grade in ('1', '2', '3')

),

concluded as (

    select
        graduate.academic_year as period,
        {{ academic_year_end('graduate.academic_year') }} as on_date,
        graduate.graduation_year,
        graduate.student_no,
        graduate.college_code,
        graduate.major_code,
        graduate.class_code,
        graduate.is_first,
        graduate.is_graduate,
        graduate.is_first and graduate.is_graduate as is_first_graduate,
        graduate.is_degree_awarded,
        graduate.graduation_year - graduate.entry_year as years,
        cet4.student_no is not null as has_cet4,
        fit.student_no is not null as is_fit
    from graduate
    left join cet4 on graduate.student_no = cet4.student_no and graduate.graduation_term = cet4.graduation_term
    left join fit on graduate.student_no = fit.student_no and graduate.graduation_term = fit.graduation_term

),

levels as (

    {{ student_levels('concluded', ['school', 'college', 'major', 'class']) }}

),

cells as (

    select
        period,
        on_date,
        graduation_year,
        level,
        unit,
        max(parent_unit) as parent_unit,
        sum(case when is_first then 1 else 0 end) as due,
        sum(case when is_first_graduate then 1 else 0 end) as graduates,
        sum(case when is_first_graduate and is_degree_awarded then 1 else 0 end) as degrees,
        sum(case when is_first_graduate and has_cet4 then 1 else 0 end) as cet4,
        sum(case when is_first_graduate and is_fit then 1 else 0 end) as fit,
        sum(case when is_graduate and years is not null then 1 else 0 end) as all_graduates,
        sum(case when is_graduate then years else 0 end) as years
    from levels
    group by period, on_date, graduation_year, level, unit

),

graduation_rate as (

    {{ indicator_row('graduation_rate', 'graduates', 'due', ratio('graduates', 'due', 100),
        smallest_group('due', ['graduates', 'due - graduates'])) }}
    from cells
    where due > 0

),

degree_award_rate as (

    {{ indicator_row('degree_award_rate', 'degrees', 'graduates', ratio('degrees', 'graduates', 100),
        smallest_group('graduates', ['degrees', 'graduates - degrees'])) }}
    from cells
    where due > 0

),

cet4_pass_rate as (

    {{ indicator_row('cet4_pass_rate', 'cet4', 'graduates', ratio('cet4', 'graduates', 100),
        smallest_group('graduates', ['cet4', 'graduates - cet4'])) }}
    from cells
    where due > 0 and graduation_year >= (select graduation_year from cet4_from)

),

fitness_pass_rate as (

    {{ indicator_row('fitness_pass_rate', 'fit', 'graduates', ratio('fit', 'graduates', 100),
        smallest_group('graduates', ['fit', 'graduates - fit'])) }}
    from cells
    where due > 0

),

time_to_degree as (

    {{ indicator_row('time_to_degree', 'years', 'all_graduates', ratio('years', 'all_graduates'),
        smallest_group('all_graduates', ['all_graduates - graduates'])) }}
    from cells
    where all_graduates > 0

)

select * from graduation_rate
union all
select * from degree_award_rate
union all
select * from cet4_pass_rate
union all
select * from fitness_pass_rate
union all
select * from time_to_degree
