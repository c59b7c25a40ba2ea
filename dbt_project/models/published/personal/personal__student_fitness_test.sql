with test as (

    select * from {{ ref('stg_form_sports_college__student_fitness_test') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    test.student_no,
    test.year,
    test.height_cm,
    test.weight_kg,
    test.bmi_score,
    test.lung_capacity,
    test.run_50m,
    test.sit_reach,
    test.long_jump,
    test.strength,
    test.endurance_seconds,
    test.total_score,
    test.fitness_grade_label as fitness_grade,
    test.is_exempt,
    test.updated_at
from test
inner join person on test.student_no = person.number
