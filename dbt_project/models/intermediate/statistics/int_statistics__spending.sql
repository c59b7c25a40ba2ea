-- Grain: indicator, period, level, unit. Budgets against the ledger of budget accounting (预算会计) of the fiscal year, up to the
-- last month that the budgets report. An entry counts debit less credit, or the reverse for income, so a voucher
-- that was written back counts nothing. Accounts: 7… 支出, 6001 财政拨款预算收入, 6101 事业预算收入.
{%- set measures = ['running', 'personnel', 'spent', 'granted', 'tuition'] %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

project as (

    select * from {{ ref('int_finance__budget_year') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

closed as (

    select fiscal_year, max(last_month) as last_month
    from project
    group by fiscal_year

),

research_project as (

    select project_no from {{ ref('stg_research_management__research_project') }}

),

line as (

    select
        line.fiscal_year,
        unit.college_code,
        case when line.account_code like '7%' then coalesce(line.debit, 0) - coalesce(line.credit, 0) else 0 end as spent,
        case when line.account_code like '6001%' then coalesce(line.credit, 0) - coalesce(line.debit, 0) else 0 end
            as granted,
        case
            when line.account_code like '6101%' and research_project.project_no is null
                then coalesce(line.credit, 0) - coalesce(line.debit, 0)
            else 0
        end as tuition
    from {{ ref('stg_finance_management__finance_voucher_line') }} as line
    inner join closed on line.fiscal_year = closed.fiscal_year
    left join research_project on line.project_no = research_project.project_no
    left join unit on line.unit_code = unit.unit_code
    where
        line.ledger = '预算会计'
        and (line.account_code like '7%' or line.account_code like '6001%' or line.account_code like '6101%')
        and {{ year_of('line.voucher_date') }} * 100 + {{ month_of('line.voucher_date') }}
        <= cast(replace(closed.last_month, '-', '') as integer)

),

amount as (

    select
        fiscal_year,
        college_code,
        case when purpose = '教学日常运行' then spent_amount else 0 end as running,
        case when purpose = '人员' then spent_amount else 0 end as personnel,
        0 as spent,
        0 as granted,
        0 as tuition
    from project
    union all
    select fiscal_year, college_code, 0, 0, spent, granted, tuition
    from line

),

measured as (

    select year.period, year.on_date, amount.college_code, {{ measures | join(', ') }}
    from amount
    inner join year on amount.fiscal_year = year.year

),

beside as (

    {{ beside_population('measured', measures, 'int_statistics__population_of_year') }}

),

cells as (

    {{ level_sums('beside', measures + population_counts()) }}

),

teaching_running_cost_share as (

    {{ indicator_row('teaching_running_cost_share', 'running', 'granted + tuition',
        ratio('running', '(granted + tuition)', 100), 'null') }}
    from cells
    where level = 'school'

),

personnel_cost_share as (

    {{ indicator_row('personnel_cost_share', 'personnel', 'spent', ratio('personnel', 'spent', 100), 'staff') }}
    from cells
    where {{ unless_empty('personnel', 'spent') }}

)

select * from teaching_running_cost_share
union all
select * from personnel_cost_share
