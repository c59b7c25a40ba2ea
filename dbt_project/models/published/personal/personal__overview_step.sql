-- The way through the college: the newest twelve steps of each person, those to come included.
with entered as (

    select person_key, 'entered' as kind, entry_date as step_date, major_name as title, 'student' as table_name
    from {{ ref('personal__student') }}

),

expected as (

    select
        person_key, 'graduates' as kind, {{ month_end('expected_graduation') }} as step_date,
        major_name as title, 'student' as table_name
    from {{ ref('personal__student') }}
    where current_status = '在读'

),

studied as (

    select
        number.person_key, 'studied' as kind, number.valid_to as step_date,
        student.current_status as title, 'student' as table_name
    from {{ ref('personal__person_number') }} as number
    inner join {{ ref('personal__student') }} as student
        on number.person_key = student.person_key and number.number = student.student_no
    where number.kind = 'student' and number.valid_to <= {{ as_of_date() }}

),

changed as (

    select
        person_key, 'changed' as kind, effective_date as step_date,
        change_type || coalesce('：' || coalesce(to_major, to_class, to_status), '') as title,
        'student_status_change' as table_name
    from {{ ref('personal__student_status_change') }}

),

awarded as (

    select person_key, 'awarded' as kind, award_date as step_date, award_name as title, 'scholarship' as table_name
    from {{ ref('personal__scholarship') }}
    union all
    select person_key, 'awarded' as kind, award_date as step_date, award_name as title, 'honor' as table_name
    from {{ ref('personal__honor') }}
    union all
    select person_key, 'awarded' as kind, award_date as step_date, honor_name as title, 'staff_honor' as table_name
    from {{ ref('personal__staff_honor') }}

),

joined as (

    select person_key, 'joined' as kind, joined_school_date as step_date, unit_name as title, 'staff' as table_name
    from {{ ref('personal__staff') }}

),

gone as (

    select
        person_key, 'left' as kind, left_date as step_date, on_post_status as title, 'staff' as table_name
    from {{ ref('personal__staff') }}

),

post as (

    select
        person_key, 'post' as kind, effective_date as step_date,
        coalesce(position_name, post_category) as title, 'staff_position' as table_name
    from {{ ref('personal__staff_position') }}

),

titled as (

    select
        person_key, 'titled' as kind, coalesce(engaged_date, award_date) as step_date, title,
        'staff_title' as table_name
    from {{ ref('personal__staff_title') }}

),

step as (

    select * from entered
    union all
    select * from expected
    union all
    select * from studied
    union all
    select * from changed
    union all
    select * from awarded
    union all
    select * from joined
    union all
    select * from gone
    union all
    select * from post
    union all
    select * from titled

),

placed as (

    select *, row_number() over (
        partition by person_key order by step_date desc, kind, table_name, title
    ) as place
    from (select distinct person_key, kind, step_date, title, table_name from step) as found
    where step_date is not null

)

select
    person_key,
    cast(place as integer) as place,
    kind,
    step_date,
    title,
    table_name
from placed
where place <= 12
