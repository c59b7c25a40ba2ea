with project as (

    select * from {{ ref('stg_research_management__research_project') }}

),

fund as (

    select
        project_no,
        sum(case when direction = '到账' then amount end) as received_amount,
        sum(case when direction = '支出' then amount end) as spent_amount,
        sum(case when direction = '外拨' then amount end) as passed_on_amount,
        max(updated_at) as updated_at
    from {{ ref('stg_research_management__research_fund') }}
    group by project_no

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    number.person_key,
    project.leader_staff_no as staff_no,
    project.project_no,
    project.project_name,
    unit.unit_name,
    project.project_nature,
    project.project_source_label as project_source,
    project.project_level_label as project_level,
    project.rd_activity_type_label as rd_activity_type,
    project.discipline_label as discipline,
    project.approval_no,
    project.approved_date,
    project.end_date,
    project.status_label as status,
    project.contract_amount,
    cast(coalesce(fund.received_amount, 0) as decimal(14, 2)) as received_amount,
    cast(coalesce(fund.spent_amount, 0) as decimal(14, 2)) as spent_amount,
    cast(coalesce(fund.passed_on_amount, 0) as decimal(14, 2)) as passed_on_amount,
    greatest(project.updated_at, coalesce(fund.updated_at, project.updated_at)) as updated_at
from project
inner join number on project.leader_staff_no = number.number
left join fund on project.project_no = fund.project_no
left join unit on project.unit_code = unit.unit_code
