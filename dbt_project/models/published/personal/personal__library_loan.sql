{{ config(materialized='view') }}

select
    person_key,
    loan_id,
    reader_kind,
    barcode,
    title,
    borrowed_at,
    due_date,
    returned_at,
    renewals,
    overdue_days,
    fine,
    updated_at
from {{ ref('fct_library_loan') }}
where person_key is not null
