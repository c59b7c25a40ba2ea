{{ config(materialized='view') }}
-- A gate tells no kind of reader: a student is whose number student affairs knows.
with source as (

    select * from {{ ref('int_life__library_visit') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'student'

)

select
    scope.person_key,
    source.reader_no,
    source.visit_date,
    source.entries,
    source.minutes,
    scope.college_code,
    source.updated_at
from source
inner join scope on source.reader_no = scope.number
