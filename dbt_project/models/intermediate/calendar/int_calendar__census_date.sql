-- Grain: one period of a head-count. 30 September of each year that the landed data covers, and the as-of
-- date as the running period. Covered from the first student snapshot or the first term taught, whichever
-- is earlier: before that, who had already left is not in the data.
with snapshot as (

    select min({{ beijing_date('seen_at') }}) as first_day
    from {{ ref('stg_student_affairs__student_status_history') }}

),

term as (

    select min({{ date_of('substr(term_code, 1, 4)', 9, 1) }}) as first_day
    from {{ ref('stg_academic_affairs__teaching_class') }}

),

coverage as (

    select
        case
            when term.first_day < snapshot.first_day then term.first_day
            else coalesce(snapshot.first_day, term.first_day)
        end as first_day
    from snapshot
    cross join term

),

years as (

    {{ numbers(1990, 2100) }}

),

census as (

    select {{ date_of('years.number', 9, 30) }} as on_date
    from years
    cross join coverage
    where
        {{ date_of('years.number', 9, 30) }} >= coverage.first_day
        and {{ date_of('years.number', 9, 30) }} <= {{ as_of_date() }}

)

select
    cast({{ year_of('on_date') }} as varchar) as period,
    on_date,
    false as is_running
from census
union all
select
    cast({{ as_of_date() }} as varchar) as period,
    {{ as_of_date() }} as on_date,
    true as is_running
from coverage
where
    first_day is not null
    and {{ as_of_date() }} not in (select on_date from census)
