-- Grain: indicator, period, level, unit. 本科招生专业总数 (by head-count date, from the first snapshot of the
-- majors on) and 全校开设课程总门数 (by academic year). Neither counts people.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

major as (

    select * from {{ ref('stg_academic_affairs__major_states') }}
    where not is_deleted

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

recruiting as (

    select
        census.period,
        census.on_date,
        unit.college_code,
        major.major_code
    from census
    inner join major
        on {{ beijing_date('major.seen_at') }} <= census.on_date
        and (major.replaced_at is null or {{ beijing_date('major.replaced_at') }} > census.on_date)
        and (major.ended_at is null or {{ beijing_date('major.ended_at') }} > census.on_date)
    left join unit on major.college_code = unit.unit_code
    where major.cultivation_level = '3' and major.recruit_status = '在招'

),

recruiting_level as (

    {{ student_levels('recruiting', ['school', 'college']) }}

),

majors_recruiting as (

    {{ indicator_row('majors_recruiting', 'count(distinct major_code)', 'null', 'count(distinct major_code)', 'null') }}
    from recruiting_level
    group by period, on_date, level, unit, parent_unit

),

class as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

course as (

    select * from {{ ref('stg_academic_affairs__course') }}

),

offered as (

    select
        substr(class.term_code, 1, 9) as period,
        class.course_code,
        unit.college_code,
        case
            when {{ date_of('substr(class.term_code, 6, 4)', 8, 31) }} < {{ as_of_date() }}
                then {{ date_of('substr(class.term_code, 6, 4)', 8, 31) }}
            else {{ as_of_date() }}
        end as on_date
    from class
    left join course on class.course_code = course.course_code
    left join unit on course.unit_code = unit.unit_code

),

offered_level as (

    {{ student_levels('offered', ['school', 'college']) }}

),

courses_offered as (

    {{ indicator_row('courses_offered', 'count(distinct course_code)', 'null', 'count(distinct course_code)', 'null') }}
    from offered_level
    group by period, on_date, level, unit, parent_unit

)

select * from majors_recruiting
union all
select * from courses_offered
