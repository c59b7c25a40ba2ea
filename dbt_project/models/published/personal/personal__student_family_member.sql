with member as (

    select * from {{ ref('stg_student_affairs__student_family_member') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    member.student_no,
    member.seq,
    member.member_name,
    member.relation_label as relation,
    case when member.ended_at is null then member.birth_year end as birth_year,
    case when member.ended_at is null then member.employment_status_label end as employment_status,
    case when member.ended_at is null then member.employer end as employer,
    case when member.ended_at is null then member.phone end as phone,
    case when member.ended_at is null then member.address end as address,
    member.is_guardian,
    {{ beijing_date('member.ended_at') }} as ended_on,
    member.updated_at
from member
inner join person on member.student_no = person.number
