with evaluation as (

    select * from {{ ref('stg_student_affairs__student_evaluation') }}

),

person as (

    select person_key, number from {{ ref('int_people__number') }}
    where kind = 'student'

)

select
    person.person_key,
    evaluation.student_no,
    evaluation.academic_year,
    evaluation.moral_score,
    evaluation.academic_score,
    evaluation.physical_score,
    evaluation.aesthetic_labour_score,
    evaluation.bonus_score,
    evaluation.total_score,
    evaluation.class_rank,
    evaluation.major_rank,
    evaluation.updated_at
from evaluation
inner join person on evaluation.student_no = person.number
