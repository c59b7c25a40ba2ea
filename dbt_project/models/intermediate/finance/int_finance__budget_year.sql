-- Grain: one budget project in one fiscal year: its budget and what it has spent at the end of its last reported
-- month. `months` is the part of the year that the reports of that year reach, in months.
with reported as (

    select
        execution.*,
        row_number() over (
            partition by execution.fiscal_year, execution.budget_no order by execution.month desc
        ) as month_rank,
        max(execution.month) over (partition by execution.fiscal_year) as last_month
    from {{ ref('stg_finance_management__budget_execution') }} as execution

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    reported.fiscal_year,
    reported.budget_no,
    unit.college_code,
    reported.purpose,
    reported.budget_amount,
    reported.spent_amount,
    reported.last_month,
    cast(substr(reported.last_month, 6, 2) as integer) as months
from reported
left join unit on reported.unit_code = unit.unit_code
where reported.month_rank = 1
