select
    person_key,
    display_name,
    is_student,
    is_staff
from {{ ref('dim_person') }}
