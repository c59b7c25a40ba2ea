-- Grain: indicator, period, level, unit. 教职工体检参检率 = who came ÷ who was due, by year of the plan. Staff count in
-- the college or office of their post on the year's 30 September, or on the as-of date before it.
with checkup as (

    select
        *,
        cast(year as string) as period,
        {{ year_end('year') }} as on_date,
        {{ year_end('year', 9, 30) }} as post_day
    from {{ ref('stg_form_labor_union__staff_checkup_plan') }}
    where is_due

),

checkup_row as (

    select
        checkup.period,
        checkup.on_date,
        unit.college_code,
        case when checkup.is_attended then 1 else 0 end as is_attended
    from checkup
    left join {{ ref('int_people__staff_history') }} as post
        on checkup.staff_no = post.staff_no
        and post.valid_from <= checkup.post_day
        and coalesce(post.valid_to, {{ date_of(9999, 12, 31) }}) > checkup.post_day
    left join {{ ref('int_organisation__unit') }} as unit on post.unit_code = unit.unit_code

),

levels as (

    {{ student_levels('checkup_row', ['school', 'college']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as due,
        sum(is_attended) as attended
    from levels
    group by period, on_date, level, unit

)

{{ indicator_row('staff_checkup_rate', 'attended', 'due', ratio('attended', 'due', 100),
    smallest_group('least(due, attended)', ['due - attended'])) }}
from cells
