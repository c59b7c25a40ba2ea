-- Grain: indicator, period, level, unit. Research of a calendar year, in the college of the project (money, projects)
-- or of the first signing unit (outputs), beside the full-time teachers of the year's head-count.
{%- set measures = ['income', 'vertical', 'approved', 'ranked', 'papers', 'indexed', 'patents', 'transferred'] %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

project as (

    select project.*, unit.college_code
    from {{ ref('stg_research_management__research_project') }} as project
    left join unit on project.unit_code = unit.unit_code

),

fund as (

    select
        fund.booked_date as day,
        project.college_code,
        fund.amount as income,
        case when project.project_nature = '纵向' then fund.amount else 0 end as vertical,
        0 as approved,
        0 as ranked,
        0 as papers,
        0 as indexed,
        0 as patents,
        0 as transferred
    from {{ ref('stg_research_management__research_fund') }} as fund
    left join project on fund.project_no = project.project_no
    where fund.direction = '到账'

),

approved as (

    select
        approved_date as day,
        college_code,
        0, 0,
        1 as approved,
        case when project_level in {{ national_provincial_levels() }} then 1 else 0 end as ranked,
        0, 0, 0, 0
    from project

),

output as (

    select
        output.published_date as day,
        unit.college_code,
        0, 0, 0, 0,
        case when output.output_type in {{ paper_types() }} then 1 else 0 end as papers,
        case
            when
                output.output_type in {{ paper_types() }}
                and upper(output.indexed_in) in ('SCI', 'SSCI', 'EI', 'CPCI', 'CSCD', 'CSSCI', 'A&HCI')
                then 1
            else 0
        end as indexed,
        case
            when output.output_type = '71' then 1
            when output.patent_type in ('1', '2', '3') and output.patent_no is not null then 1
            else 0
        end as patents,
        coalesce(output.transfer_amount, 0) as transferred
    from {{ ref('stg_research_management__research_output') }} as output
    left join unit on output.unit_code = unit.unit_code

),

happened as (

    select * from fund
    union all
    select * from approved
    union all
    select * from output

),

measured as (

    select
        year.period,
        year.on_date,
        happened.college_code,
        {% for measure in measures -%}
        happened.{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from happened
    inner join year on {{ year_of('happened.day') }} = year.year and happened.day <= year.on_date

),

beside as (

    {{ beside_population('measured', measures, 'int_statistics__population_of_year', events=true) }}

),

cells as (

    {{ level_sums('beside', measures + population_counts()) }}

),

research_income_total as (

    {{ indicator_row('research_income_total', 'income / 10000', 'null', 'income / 10000', 'null') }}
    from cells
    where level = 'school' or income <> 0

),

research_income_per_teacher as (

    {{ indicator_row('research_income_per_teacher', 'income / 10000', 'teachers', ratio('income', 'teachers', 0.0001),
        teacher_group()) }}
    from cells
    where {{ unless_empty('income', 'teachers') }}

),

vertical_fund_share as (

    {{ indicator_row('vertical_fund_share', 'vertical', 'income', ratio('vertical', 'income', 100), 'null') }}
    from cells
    where level = 'school' or income <> 0

),

projects_national_provincial as (

    {{ indicator_row('projects_national_provincial', 'ranked', 'null', 'ranked', 'null') }}
    from cells
    where level = 'school' or ranked <> 0

),

projects_per_teacher as (

    {{ indicator_row('projects_per_teacher', 'approved', 'teachers', ratio('approved', 'teachers'), teacher_group()) }}
    from cells
    where {{ unless_empty('approved', 'teachers') }}

),

indexed_papers as (

    {{ indicator_row('indexed_papers', 'indexed', 'null', 'indexed', 'null') }}
    from cells
    where level = 'school' or indexed <> 0

),

papers_per_teacher as (

    {{ indicator_row('papers_per_teacher', 'papers', 'teachers', ratio('papers', 'teachers'), teacher_group()) }}
    from cells
    where {{ unless_empty('papers', 'teachers') }}

),

patents_granted as (

    {{ indicator_row('patents_granted', 'patents', 'null', 'patents', 'null') }}
    from cells
    where level = 'school' or patents <> 0

),

transfer_income as (

    {{ indicator_row('transfer_income', 'transferred / 10000', 'null', 'transferred / 10000', 'null') }}
    from cells
    where level = 'school' or transferred <> 0

)

{% for name in ['research_income_total', 'research_income_per_teacher', 'vertical_fund_share',
    'projects_national_provincial', 'projects_per_teacher', 'indexed_papers', 'papers_per_teacher',
    'patents_granted', 'transfer_income'] -%}
select * from {{ name }}
{{ 'union all' if not loop.last }}
{% endfor %}
