with work as (

    select * from {{ ref('stg_student_affairs__student_work_study') }}

),

unit as (

    select unit_code, unit_name from {{ ref('dim_organisation') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    work.student_no,
    work.post_no,
    work.post_type_label as post_type,
    coalesce(unit.unit_name, work.unit_code) as unit_name,
    work.month,
    work.hours,
    work.pay,
    work.paid_date,
    work.updated_at
from work
inner join person on work.student_no = person.number
left join unit on work.unit_code = unit.unit_code
