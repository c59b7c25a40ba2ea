with source as (

    select * from {{ ref('stg_student_affairs__student_dorm_stay') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.room_code,
    source.bed_no,
    source.check_in_date,
    source.check_out_date,
    source.late_return_count,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
