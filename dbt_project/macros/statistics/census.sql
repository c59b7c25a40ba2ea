{#-
    Who was here on which days: one rule for the days of the head-counts (int_calendar__census_date) and for those that
    the ministry counts on (int_calendar__return_date). `dates` has period, on_date and is_running.
-#}

{#- 教发〔2004〕2号's kinds of students, from a row of student_status. -#}
{% macro student_class(student) -%}
case
            when {{ student }}.entry_mode = '12' or {{ student }}.overseas_status in ('41', '51') then 'international'
            when {{ student }}.student_category like '432%' then 'doctor'
            when {{ student }}.student_category like '431%' then 'master'
            when {{ student }}.student_category in ('42101', '42102', '42103') then 'undergraduate'
            when {{ student }}.student_category like '411%' then 'junior_college'
            when {{ student }}.student_category like '4_21_' then 'correspondence'
            when {{ student }}.student_category like '4_22_' then 'evening'
            when {{ student }}.student_category like '4_23_' then 'adult_full_time'
            when {{ student }}.student_category = '91400' then 'preparatory'
            when {{ student }}.student_category = '92100' then 'visiting'
            else 'other'
        end
{%- endmacro %}

{#- One student in residence on one of the days. -#}
{% macro student_census(dates) -%}
with census as (

    select * from {{ dates }}

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
        {{ student_class('student') }} as student_class
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
{%- endmacro %}

{#- One staff member or external teacher on one of the days. -#}
{% macro staff_census(dates) -%}
with census as (

    select * from {{ dates }}

),

history as (

    select * from {{ ref('int_people__staff_history') }}

),

staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    census.period,
    census.on_date,
    history.staff_no,
    history.staff_category,
    unit.college_code,
    history.on_post_status in {{ employed_statuses() }}
        and history.staff_category not in {{ external_categories() }} as is_employed,
    history.on_post_status in {{ employed_statuses() }} and history.staff_category = '11' as is_full_time_teacher,
    history.on_post_status not in {{ departed_statuses() }}
        and history.staff_category in {{ external_categories() }} as is_external_teacher
from census
inner join history
    on history.valid_from <= census.on_date
    and coalesce(history.valid_to, {{ end_of_time() }}) > census.on_date
inner join staff on history.staff_no = staff.staff_no
left join unit on history.unit_code = unit.unit_code
where staff.left_date is null or staff.left_date > census.on_date
{%- endmacro %}

{#- The people of a staff census with title, degree and posts as of the day. -#}
{% macro staff_standing(census) -%}
with census as (

    select * from {{ census }}

),

title as (

    select
        staff_no,
        title_code,
        title_level,
        award_date,
        coalesce(engaged_date, award_date) as held_from
    from {{ ref('stg_hr_management__staff_title_record') }}
    where engage_status in {{ engaged_statuses() }}

),

titles_held as (

    select
        census.period,
        census.staff_no,
        title.title_code,
        title.title_level,
        row_number() over (
            partition by census.period, census.staff_no
            order by title.held_from desc, title.award_date desc, title.title_level, title.title_code
        ) as place
    from census
    inner join title
        on census.staff_no = title.staff_no
        and title.held_from <= census.on_date

),

degree as (

    select
        staff_no,
        coalesce(award_date, date '1900-01-01') as held_from,
        case substr(degree, 1, 1) when '2' then 3 when '3' then 2 when '4' then 1 end as rank
    from {{ ref('stg_hr_management__staff_education_record') }}
    where degree is not null

),

degrees_held as (

    select census.period, census.staff_no, max(degree.rank) as rank
    from census
    inner join degree
        on census.staff_no = degree.staff_no
        and degree.held_from <= census.on_date
    group by census.period, census.staff_no

),

-- an appointment that is over without a day of ending ended when the next one began
post as (

    select
        staff_no,
        position_name,
        effective_date,
        coalesce(
            end_date,
            case
                when not is_current
                    then lead(effective_date) over (partition by staff_no order by effective_date, seq)
            end,
            date '9999-12-31'
        ) as until_date
    from {{ ref('stg_hr_management__staff_position_record') }}

),

posts_held as (

    select
        census.period,
        census.staff_no,
        max(case when post.position_name like '%辅导员%' then 1 else 0 end) as is_counsellor,
        max(case when post.position_name like '%心理%' then 1 else 0 end) as is_psychology_teacher
    from census
    inner join post
        on census.staff_no = post.staff_no
        and post.effective_date <= census.on_date
        and census.on_date < post.until_date
    where post.position_name like '%辅导员%' or post.position_name like '%心理%'
    group by census.period, census.staff_no

)

select
    census.period,
    census.on_date,
    census.staff_no,
    census.college_code,
    census.is_employed,
    census.is_full_time_teacher,
    census.is_external_teacher,
    titles_held.title_code,
    titles_held.title_level,
    coalesce(titles_held.title_code = '011', false) as is_professor,
    coalesce(titles_held.title_level in ('1', '2'), false) as has_senior_title,
    coalesce(degrees_held.rank >= 2, false) as has_postgraduate_degree,
    coalesce(degrees_held.rank = 3, false) as has_doctorate,
    census.is_employed and coalesce(posts_held.is_counsellor, 0) = 1 as is_counsellor,
    census.is_employed and coalesce(posts_held.is_psychology_teacher, 0) = 1 as is_psychology_teacher
from census
left join titles_held
    on census.period = titles_held.period
    and census.staff_no = titles_held.staff_no
    and titles_held.place = 1
left join degrees_held on census.period = degrees_held.period and census.staff_no = degrees_held.staff_no
left join posts_held on census.period = posts_held.period and census.staff_no = posts_held.staff_no
{%- endmacro %}
