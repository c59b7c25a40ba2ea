{{ config(materialized='view') }}

with source as (

    select * from {{ ref('int_life__library_loan') }}
    where reader_kind = '学生'

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.loan_id,
    source.reader_no,
    source.reader_kind,
    source.barcode,
    source.borrowed_at,
    source.due_date,
    source.returned_at,
    source.renewals,
    source.overdue_days,
    source.fine,
    scope.college_code,
    source.updated_at
from source
left join scope on source.reader_no = scope.number
