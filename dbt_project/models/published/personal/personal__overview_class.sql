-- The timetable of the term that holds the as-of day, of who studies and of who teaches.
with term as (

    select * from {{ ref('dim_term') }}
    where {{ as_of_date() }} between nominal_start_date and nominal_end_date

),

taken as (

    select
        person_key, term_code, class_no, course_name, 'student' as part, weekday, start_period, end_period, weeks,
        room_code, 'course_selection' as table_name
    from {{ ref('personal__course_selection') }}
    where dropped_at is null

),

taught as (

    select
        person_key, term_code, class_no, course_name, 'teacher' as part, weekday, start_period, end_period, weeks,
        room_code, 'teaching' as table_name
    from {{ ref('personal__teaching') }}

),

class as (

    select * from taken
    union all
    select * from taught

)

select distinct
    class.person_key,
    class.part,
    class.class_no,
    class.course_name,
    class.weekday,
    class.start_period,
    class.end_period,
    class.weeks,
    class.room_code,
    class.term_code,
    term.nominal_start_date as term_start_date,
    class.table_name
from class
inner join term on class.term_code = term.term_code
where class.weekday is not null
