{{ config(materialized='growing', grows_by='stg_library_management__library_gate_daily', key=['reader_no', 'visit_date']) }}
-- Grain: one reader and day with a visit, the version that holds. Stored once: several tables and figures read it,
-- and the version is sought among all that was ever landed.
select
    reader_no,
    visit_date,
    entries,
    minutes,
    updated_at
from {{ ref('stg_library_management__library_gate_daily') }}
