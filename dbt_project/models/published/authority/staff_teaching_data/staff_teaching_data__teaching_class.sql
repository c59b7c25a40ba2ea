with source as (

    select * from {{ ref('stg_academic_affairs__teaching_class') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.class_no,
    source.term_code,
    source.course_code,
    source.lead_staff_no,
    source.other_staff_nos,
    source.teaching_mode,
    source.exam_form,
    source.hours,
    source.capacity,
    source.enrolled,
    source.room_code,
    source.weekday,
    source.start_period,
    source.end_period,
    source.weeks,
    scope.college_code,
    source.updated_at
from source
left join scope on source.lead_staff_no = scope.number
