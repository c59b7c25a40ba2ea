-- Grain: one staff member or external teacher on one head-count date, with the college or office of the post.
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

history as (

    select * from {{ ref('int_people__staff_history') }}

),

staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

)

select
    census.period,
    census.on_date,
    history.staff_no,
    history.staff_category,
    unit.college_code,
    history.on_post_status in {{ employed_statuses() }}
        and history.staff_category not in {{ external_categories() }} as is_employed,
    history.on_post_status in {{ employed_statuses() }} and history.staff_category = '11' as is_full_time_teacher,
    history.on_post_status not in {{ departed_statuses() }}
        and history.staff_category in {{ external_categories() }} as is_external_teacher
from census
inner join history
    on history.valid_from <= census.on_date
    and coalesce(history.valid_to, {{ end_of_time() }}) > census.on_date
inner join staff on history.staff_no = staff.staff_no
left join unit on history.unit_code = unit.unit_code
where staff.left_date is null or staff.left_date > census.on_date
