{{ config(materialized='growing', grows_by='stg_library_management__library_loan', key=['loan_id']) }}
-- Grain: one loan, the version that holds. Stored once: several tables and figures read it, and the version is sought
-- among all that was ever landed.
select
    loan_id,
    reader_no,
    reader_kind,
    barcode,
    renewals,
    overdue_days,
    fine,
    borrowed_at,
    due_date,
    returned_at,
    updated_at
from {{ ref('stg_library_management__library_loan') }}
