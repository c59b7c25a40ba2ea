-- Grain: one staff member and first day of a state: on-post status, category and unit. The unit is that of
-- the appointment that began last; before the first appointment its unit holds already.
with staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

seen as (

    select * from {{ ref('stg_hr_management__staff_basic_states') }}

),

positions as (

    select * from {{ ref('stg_hr_management__staff_position_record') }}
    where effective_date <= {{ as_of_date() }} and unit_code is not null

),

observations as (

    select
        staff_no,
        joined_school_date as on_date,
        0 as rank,
        0 as tie,
        {% for column in ['status', 'category', 'unit'] %}
        cast(null as string) as {{ column }}_before, cast(null as string) as {{ column }}_after
        {{- ',' if not loop.last }}
        {% endfor %}
    from staff
    where joined_school_date is not null
    union all
    select
        staff_no, {{ beijing_date('seen_at') }}, 1, snapshot_no,
        on_post_status, on_post_status, staff_category, staff_category, null, null
    from seen
    where not is_deleted
    union all
    -- whoever has gone was on post until the day of leaving
    select
        staff_no, left_date, 2, 0, '11', on_post_status, null, null, null, null
    from staff
    where left_date is not null and on_post_status in {{ departed_statuses() }}
    union all
    select
        staff_no, effective_date, 3, -seq, null, null, null, null, unit_code, unit_code
    from positions

),

dated as (

    select
        observations.*,
        case
            when observations.on_date < staff.joined_school_date then staff.joined_school_date
            else observations.on_date
        end as valid_from
    from observations
    inner join staff on observations.staff_no = staff.staff_no

),

filled as (

    select
        staff_no,
        valid_from,
        row_number() over (
            partition by staff_no, valid_from order by rank desc, on_date desc, tie desc
        ) as rank_of_day,
        {% for column in ['status', 'category', 'unit'] %}
        coalesce(
            {{ last_known(column ~ '_after', 'staff_no', 'valid_from, rank, on_date, tie') }},
            {{ next_known(column ~ '_before', 'staff_no', 'valid_from, rank, on_date, tie') }}
        ) as {{ column }}_code
        {{- ',' if not loop.last }}
        {% endfor %}
    from dated

),

days as (

    select
        filled.*,
        lag(valid_from) over (partition by staff_no order by valid_from) as previous_from,
        {% for column in ['status', 'category', 'unit'] %}
        lag({{ column }}_code) over (partition by staff_no order by valid_from) as previous_{{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from filled
    where rank_of_day = 1

),

turns as (

    select *
    from days
    where
        previous_from is null
        {% for column in ['status', 'category', 'unit'] %}
        or {{ column }}_code is distinct from previous_{{ column }}
        {% endfor %}

),

spans as (

    select
        turns.*,
        lead(valid_from) over (partition by staff_no order by valid_from) as next_from
    from turns

)

select
    spans.staff_no,
    spans.valid_from,
    coalesce(spans.next_from, {{ beijing_date('staff.ended_at') }}) as valid_to,
    spans.next_from is null as is_latest,
    spans.status_code as on_post_status,
    spans.category_code as staff_category,
    spans.unit_code
from spans
inner join staff on spans.staff_no = staff.staff_no
