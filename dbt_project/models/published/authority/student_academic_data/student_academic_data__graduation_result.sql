with source as (

    select * from {{ ref('stg_academic_affairs__graduation_result') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.student_no,
    source.graduation_term,
    source.result,
    source.is_degree_awarded,
    source.degree,
    source.gpa,
    source.total_credits,
    source.thesis_score,
    source.certificate_no,
    source.degree_certificate_no,
    scope.college_code,
    source.updated_at
from source
left join scope on source.student_no = scope.number
