-- Grain: indicator, period. What the library holds, for the school as a whole: 生均图书 and 百名学生配图书馆座位数 at
-- each head-count from the first snapshot of the holdings on, 生均年进书量 and 生均电子资源下载量 by calendar year.
-- 教发〔2020〕6号: digital books count up to 40 % of all, so up to two thirds of the paper ones.
{%- set school = "'school' as level, 'school' as unit, cast(null as string) as parent_unit" %}
with census as (

    select * from {{ ref('int_calendar__census_date') }}

),

year as (

    select * from {{ ref('int_calendar__year') }}

),

student as (

    select
        period,
        count(*) as students,
        sum(weight) as equivalents,
        sum(case when is_full_time then 1 else 0 end) as full_time
    from {{ ref('int_statistics__student_census') }}
    group by period

),

-- Asked for once: each snapshot of the holdings is read and compared with the one before.
copy_state as (

    select barcode, book_status, acquired_date, seen_at, replaced_at, ended_at
    from {{ ref('stg_library_management__library_item_states') }}
    where not is_deleted

),

-- Neither written off (报废) nor still on order (已订未到货).
copy as (

    select
        barcode,
        acquired_date,
        {{ beijing_date('seen_at') }} as seen_on,
        {{ beijing_date('replaced_at') }} as replaced_on,
        {{ beijing_date('ended_at') }} as ended_on
    from copy_state
    where coalesce(book_status, '') not in ('5', '6')

),

paper as (

    select census.period, census.on_date, count(*) as copies
    from census
    inner join copy
        on copy.seen_on <= census.on_date
        and coalesce(copy.replaced_on, {{ date_of(9999, 12, 31) }}) > census.on_date
        and coalesce(copy.ended_on, {{ date_of(9999, 12, 31) }}) > census.on_date
        and coalesce(copy.acquired_date, copy.seen_on) <= census.on_date
    group by census.period, census.on_date

),

electronic as (

    select month, sum(e_books) as e_books, sum(downloads) as downloads
    from {{ ref('stg_library_management__e_resource_usage') }}
    group by month

),

digital_month as (

    select census.period, max(electronic.month) as month
    from census
    inner join electronic on electronic.month <= substr(cast(census.on_date as string), 1, 7)
    group by census.period

),

holding as (

    select
        paper.period,
        paper.on_date,
        {{ school }},
        paper.copies,
        least(coalesce(electronic.e_books, 0), paper.copies * 2.0 / 3) as digital,
        coalesce(student.students, 0) as students,
        coalesce(student.equivalents, 0) as equivalents
    from paper
    left join digital_month on paper.period = digital_month.period
    left join electronic on digital_month.month = electronic.month
    left join student on paper.period = student.period

),

books_per_student as (

    {{ indicator_row('books_per_student', 'copies + digital', 'equivalents', ratio('(copies + digital)', 'equivalents'),
        'students') }}
    from holding

),

acquired as (

    select cast({{ year_of('acquired_date') }} as string) as period, count(distinct barcode) as copies
    from copy_state
    where coalesce(book_status, '') <> '6' and acquired_date <= {{ as_of_date() }}
    group by cast({{ year_of('acquired_date') }} as string)

),

downloaded as (

    select substr(month, 1, 4) as period, sum(downloads) as downloads
    from electronic
    group by substr(month, 1, 4)

),

over_year as (

    select
        year.period,
        year.on_date,
        {{ school }},
        acquired.copies,
        downloaded.downloads,
        coalesce(student.students, 0) as students,
        coalesce(student.full_time, 0) as full_time,
        coalesce(student.equivalents, 0) as equivalents
    from year
    left join acquired on year.period = acquired.period
    left join downloaded on year.period = downloaded.period
    left join student on year.census_period = student.period

),

new_books_per_student as (

    {{ indicator_row('new_books_per_student', 'copies', 'equivalents', ratio('copies', 'equivalents'), 'students') }}
    from over_year
    where copies is not null

),

e_resource_downloads_per_student as (

    {{ indicator_row('e_resource_downloads_per_student', 'downloads', 'full_time', ratio('downloads', 'full_time'),
        'full_time') }}
    from over_year
    where downloads is not null

),

room as (

    select
        seats,
        {{ beijing_date('valid_from') }} as seen_on,
        {{ beijing_date('valid_to') }} as replaced_on
    from {{ ref('stg_property_management__room_history') }}
    where not is_deleted and use in ('131', '132')

),

seat as (

    select
        census.period,
        census.on_date,
        {{ school }},
        sum(coalesce(room.seats, 0)) as seats,
        max(coalesce(student.full_time, 0)) as full_time
    from census
    inner join room
        on room.seen_on <= census.on_date
        and coalesce(room.replaced_on, {{ date_of(9999, 12, 31) }}) > census.on_date
    left join student on census.period = student.period
    group by census.period, census.on_date

),

library_seats_per_100 as (

    {{ indicator_row('library_seats_per_100', 'seats', 'full_time', ratio('seats', 'full_time', 100), 'full_time') }}
    from seat

)

select * from books_per_student
union all
select * from new_books_per_student
union all
select * from e_resource_downloads_per_student
union all
select * from library_seats_per_100
