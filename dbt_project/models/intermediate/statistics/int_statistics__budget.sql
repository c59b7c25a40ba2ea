-- Grain: indicator, period, level, unit. Budgets of a fiscal year (the calendar year) at its last reported month, in the
-- college or office that holds them, beside the people of the year's head-count.
{%- set measures = [
    'budget', 'spent', 'budget_months', 'running', 'experiment', 'internship', 'teaching_budget', 'teaching_spent',
    'research_budget', 'research_spent', 'student_budget', 'student_spent', 'personnel_budget', 'personnel_spent',
    'capital_budget', 'capital_spent', 'other_budget', 'other_spent'
] %}
{%- set groups = [
    ('teaching', "('教学日常运行', '实验', '实习', '教改', '专业建设')"),
    ('research', "('科研')"),
    ('student', "('学生活动', '思政')"),
    ('personnel', "('人员')"),
    ('capital', "('基建')"),
    ('other', "('培训', '其他')"),
] %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

project as (

    select * from {{ ref('int_finance__budget_year') }}

),

measured as (

    select
        year.period,
        year.on_date,
        project.college_code,
        project.budget_amount as budget,
        project.spent_amount as spent,
        project.budget_amount * project.months as budget_months,
        case when project.purpose = '教学日常运行' then project.spent_amount else 0 end as running,
        case when project.purpose = '实验' then project.spent_amount else 0 end as experiment,
        case when project.purpose = '实习' then project.spent_amount else 0 end as internship,
        {% for name, purposes in groups -%}
        case when project.purpose in {{ purposes }} then project.budget_amount else 0 end as {{ name }}_budget,
        case when project.purpose in {{ purposes }} then project.spent_amount else 0 end as {{ name }}_spent
        {{- ',' if not loop.last }}
        {% endfor %}
    from project
    inner join year on project.fiscal_year = year.year

),

beside as (

    {{ beside_population('measured', measures, 'int_statistics__population_of_year') }}

),

cells as (

    {{ level_sums('beside', measures + population_counts()) }}

),

teaching_running_cost_per_student as (

    {{ indicator_row('teaching_running_cost_per_student', 'running', 'equivalents', ratio('running', 'equivalents'),
        equivalent_group()) }}
    from cells
    where {{ unless_empty('running', 'equivalents') }}

),

lab_cost_per_undergraduate as (

    {{ indicator_row('lab_cost_per_undergraduate', 'experiment', 'undergraduates',
        ratio('experiment', 'undergraduates'), undergraduate_group()) }}
    from cells
    where {{ unless_empty('experiment', 'undergraduates') }}

),

internship_cost_per_undergraduate as (

    {{ indicator_row('internship_cost_per_undergraduate', 'internship', 'undergraduates',
        ratio('internship', 'undergraduates'), undergraduate_group()) }}
    from cells
    where {{ unless_empty('internship', 'undergraduates') }}

),

budget_execution_rate as (

    {{ indicator_row('budget_execution_rate', 'spent', 'budget', ratio('spent', 'budget', 100), 'null') }}
    from cells
    where {{ unless_empty('spent', 'budget') }}

),

budget_pace as (

    {{ indicator_row('budget_pace', 'spent', 'budget_months / 12.0', ratio('spent', '(budget_months / 12.0)', 100),
        'null') }}
    from cells
    where {{ unless_empty('spent', 'budget_months') }}

),

budget_execution_teaching as (

    {{ indicator_row('budget_execution_teaching', 'teaching_spent', 'teaching_budget',
        ratio('teaching_spent', 'teaching_budget', 100), 'null') }}
    from cells
    where {{ unless_empty('teaching_spent', 'teaching_budget') }}

),

budget_execution_research as (

    {{ indicator_row('budget_execution_research', 'research_spent', 'research_budget',
        ratio('research_spent', 'research_budget', 100), 'null') }}
    from cells
    where {{ unless_empty('research_spent', 'research_budget') }}

),

budget_execution_student as (

    {{ indicator_row('budget_execution_student', 'student_spent', 'student_budget',
        ratio('student_spent', 'student_budget', 100), 'null') }}
    from cells
    where {{ unless_empty('student_spent', 'student_budget') }}

),

budget_execution_personnel as (

    {{ indicator_row('budget_execution_personnel', 'personnel_spent', 'personnel_budget',
        ratio('personnel_spent', 'personnel_budget', 100), 'staff') }}
    from cells
    where {{ unless_empty('personnel_spent', 'personnel_budget') }}

),

-- these two by college would leave pay as what remains of a small office's spending
budget_execution_capital as (

    {{ indicator_row('budget_execution_capital', 'capital_spent', 'capital_budget',
        ratio('capital_spent', 'capital_budget', 100), 'null') }}
    from cells
    where level = 'school'

),

budget_execution_other as (

    {{ indicator_row('budget_execution_other', 'other_spent', 'other_budget',
        ratio('other_spent', 'other_budget', 100), 'null') }}
    from cells
    where level = 'school'

)

{% for name in ['teaching_running_cost_per_student', 'lab_cost_per_undergraduate',
    'internship_cost_per_undergraduate', 'budget_execution_rate', 'budget_pace', 'budget_execution_teaching',
    'budget_execution_research', 'budget_execution_student', 'budget_execution_personnel',
    'budget_execution_capital', 'budget_execution_other'] -%}
select * from {{ name }}
{{ 'union all' if not loop.last }}
{% endfor %}
