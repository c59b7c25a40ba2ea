-- A stay ends on the day of check-out. One that was never checked out ends when the student moves into the next bed
-- or when the student number ends, whichever is first: a bed is not held by somebody who has left.
with stay as (

    select
        landed.*,
        lead(landed.check_in_date) over (
            partition by landed.student_no
            order by landed.check_in_date
        ) as next_check_in_date
    from {{ ref('stg_student_affairs__student_dorm_stay') }} as landed

),

person as (

    select person_key, number, valid_to from {{ ref('int_people__number') }}
    where kind = 'student'

),

room as (

    select * from {{ ref('stg_property_management__room') }}

),

building as (

    select * from {{ ref('stg_property_management__building') }}

),

dated as (

    select
        person.person_key,
        stay.*,
        case
            when stay.check_out_date is not null then stay.check_out_date
            when coalesce(stay.next_check_in_date, {{ open_end() }}) <= coalesce(person.valid_to, {{ open_end() }})
                then stay.next_check_in_date
            when person.valid_to >= stay.check_in_date then person.valid_to
            else stay.check_in_date
        end as stay_ends_on
    from stay
    left join person on stay.student_no = person.number

)

select
    dated.person_key,
    dated.student_no,
    dated.check_in_date,
    dated.check_out_date,
    dated.stay_ends_on,
    dated.check_in_date <= {{ as_of_date() }}
        and coalesce(dated.stay_ends_on, {{ open_end() }}) > {{ as_of_date() }} as is_current,
    room.building_code,
    building.building_name,
    room.floor,
    dated.room_code,
    dated.bed_no,
    room.beds,
    room.area,
    dated.late_return_count,
    dated.updated_at
from dated
left join room on dated.room_code = room.room_code
left join building on room.building_code = building.building_code
