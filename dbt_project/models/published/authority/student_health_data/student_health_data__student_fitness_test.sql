with source as (

    select * from {{ ref('stg_form_sports_college__student_fitness_test') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.year,
    source.height_cm,
    source.weight_kg,
    source.bmi_score,
    source.lung_capacity,
    source.run_50m,
    source.sit_reach,
    source.long_jump,
    source.strength,
    source.endurance_seconds,
    source.total_score,
    source.fitness_grade,
    source.is_exempt,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
