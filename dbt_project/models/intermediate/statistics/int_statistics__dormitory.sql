-- Grain: indicator, period, level, unit. 宿舍床位入住率 = students with a stay on the day of the head-count ÷ beds of
-- the usable student rooms; who has left holds no bed, checked out or not. Beds belong to no college, so it is one figure of the school.
with bed as (

    select period, on_date, sum(beds) as beds
    from {{ ref('int_estate__room_census') }}
    where room_use = '311' and is_usable
    group by period, on_date

),

stay as (

    select bed.period, count(distinct stay.student_no) as residents
    from bed
    inner join {{ ref('int_life__dorm_stay') }} as stay
        on stay.check_in_date <= bed.on_date
        and coalesce(stay.stay_ends_on, {{ end_of_time() }}) > bed.on_date
    group by bed.period

),

cells as (

    select
        bed.period,
        bed.on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        bed.beds,
        coalesce(stay.residents, 0) as residents
    from bed
    left join stay on bed.period = stay.period

)

{{ indicator_row('dorm_occupancy', 'residents', 'beds', ratio('residents', 'beds', 100), 'residents') }}
from cells
