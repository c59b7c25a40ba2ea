with source as (

    select * from {{ ref('stg_research_management__research_project') }}

)

select
    source.project_no,
    source.project_name,
    source.leader_staff_no,
    source.unit_code,
    source.project_nature,
    source.project_source,
    source.project_level,
    source.rd_activity_type,
    source.discipline,
    source.approved_date,
    source.end_date,
    source.status,
    source.contract_amount,
    source.approval_no,
    source.updated_at
from source
