with session as (

    select * from {{ ref('stg_student_mental_health__psych_counselling') }}

),

counsellor as (

    select person_key, number, display_name from {{ ref('int_people__number') }}
    where kind = 'staff'

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    session.student_no,
    session.session_id,
    session.session_date,
    session.session_type,
    coalesce(counsellor.display_name, session.counsellor_staff_no) as counsellor_name,
    counsellor.person_key as counsellor_key,
    session.problem_class,
    session.is_referred,
    session.updated_at
from session
inner join person on session.student_no = person.number
left join counsellor on session.counsellor_staff_no = counsellor.number
