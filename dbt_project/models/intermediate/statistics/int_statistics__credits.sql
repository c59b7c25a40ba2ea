-- Grain: indicator, period, level, unit. 实践教学学分占总学分比例 = Σ(practice + experiment credits) ÷ Σ total
-- credits over the plans of the undergraduate majors as they stood on the head-count date.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

major as (

    select * from {{ ref('stg_academic_affairs__major_history') }}
    where level = '3' and not is_deleted

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

plan as (

    select
        census.period,
        census.on_date,
        unit.college_code,
        major.major_code,
        coalesce(major.practice_credits, 0) + coalesce(major.experiment_credits, 0) as practice_credits,
        coalesce(major.total_credits, 0) as total_credits
    from census
    inner join major
        on {{ beijing_date('major.valid_from') }} <= census.on_date
        and census.on_date < coalesce({{ beijing_date('major.valid_to') }}, date '9999-12-31')
    left join unit on major.college_code = unit.unit_code

),

levels as (

    {{ student_levels('plan', ['school', 'college', 'major']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        parent_unit,
        sum(practice_credits) as practice_credits,
        sum(total_credits) as total_credits
    from levels
    group by period, on_date, level, unit, parent_unit

)

{{ indicator_row('practice_credit_share', 'practice_credits', 'total_credits',
    ratio('practice_credits', 'total_credits', 100), 'null') }}
from cells
