-- The visits that are no student's, so that none is lost between the two base datasets.
with source as (

    select * from {{ ref('int_life__library_visit') }}

),

student as (

    select number from {{ ref('brg_number_scope') }}
    where kind = 'student'

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.reader_no,
    source.visit_date,
    source.entries,
    source.minutes,
    scope.college_code,
    source.updated_at
from source
left join scope on source.reader_no = scope.number
where not exists (select 1 from student where student.number = source.reader_no)
