-- The chapters of the national platform that bear on this row (2 学校基本条件, 3 教职工, 6 学生 …).
with source as (

    select * from {{ ref('stg_form_evaluation_supervision__teaching_state_return') }}
    where split_part(table_no, '-', 1) in ('1')

)

select
    source.table_no,
    source.year,
    source.row_count,
    source.check_errors,
    source.responsible_unit,
    source.frozen_at,
    source.updated_at
from source
