with destination as (

    select * from {{ ref('stg_form_graduate_employment__graduate_destination') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    destination.student_no,
    destination.graduation_year,
    destination.destination_label as destination,
    destination.destination_class,
    destination.employer,
    destination.employer_place_label as employer_place,
    destination.industry_label as industry,
    destination.is_major_match,
    destination.reported_date,
    destination.updated_at
from destination
inner join person on destination.student_no = person.number
