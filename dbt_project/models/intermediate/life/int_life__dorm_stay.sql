-- Grain: student_no, check_in_date. A stay ends on the day of check-out. One that was never checked out ends when
-- the student moves into the next bed or when the student number ends, whichever is first: a bed is not held by
-- somebody who has left.
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

)

select
    person.person_key,
    stay.student_no,
    stay.room_code,
    stay.bed_no,
    stay.check_in_date,
    stay.check_out_date,
    case
        when stay.check_out_date is not null then stay.check_out_date
        when coalesce(stay.next_check_in_date, {{ open_end() }}) <= coalesce(person.valid_to, {{ open_end() }})
            then stay.next_check_in_date
        when person.valid_to >= stay.check_in_date then person.valid_to
        else stay.check_in_date
    end as stay_ends_on,
    stay.late_return_count,
    stay.updated_at
from stay
left join person on stay.student_no = person.number
