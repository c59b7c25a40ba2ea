with screening as (

    select * from {{ ref('stg_student_mental_health__psych_screening') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    screening.student_no,
    screening.survey_code,
    screening.scale,
    screening.taken_at,
    screening.is_valid,
    screening.screening_level_label as screening_level,
    screening.is_follow_up_required,
    screening.updated_at
from screening
inner join person on screening.student_no = person.number
