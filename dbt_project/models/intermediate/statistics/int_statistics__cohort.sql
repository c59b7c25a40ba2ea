-- Grain: indicator, period, level, unit. What became of an entry cohort: those in residence on the first
-- 30 September after they entered, in the college and major of that day. 新生保留率 (one and two years on),
-- 升级率, 按期毕业率. Cohorts that entered before the data begins are not whole and have no figures.
with entered as (

    select
        census.student_no,
        census.on_date as entry_census,
        census.college_code,
        census.major_code,
        {{ year_of('census.on_date') }} as entry_year,
        cast(ceil(cast(student.school_years as double)) as integer) as planned_years
    from {{ ref('int_statistics__student_census') }} as census
    inner join {{ ref('stg_student_affairs__student_status') }} as student on census.student_no = student.student_no
    where
        not census.is_running
        and census.student_class not in ('preparatory', 'visiting', 'other')
        and {{ year_of('student.entry_date') }} = {{ year_of('census.on_date') }}

),

census as (

    select on_date, {{ year_of('on_date') }} as year
    from {{ ref('int_calendar__census_date') }}
    where not is_running

),

history as (

    select * from {{ ref('int_people__student_history') }}

),

-- one row per student and later head-count, whatever became of the student
later as (

    select
        entered.student_no,
        census.on_date,
        census.year - entered.entry_year as years_on,
        coalesce(history.current_status in {{ enrolled_statuses() }} or history.current_status = '07', false) as is_kept
    from entered
    inner join census on census.year between entered.entry_year + 1 and entered.entry_year + 2
    left join history
        on entered.student_no = history.student_no
        and history.valid_from <= census.on_date
        and census.on_date < coalesce(history.valid_to, date '9999-12-31')

),

repeated as (

    select distinct entered.student_no
    from entered
    inner join {{ ref('stg_student_affairs__student_status_change') }} as change
        on entered.student_no = change.student_no
        and change.effective_date > entered.entry_census
        and change.effective_date <= {{ date_of('entered.entry_year + 1', 9, 30) }}
    where change.change_type in ('02', '03')

),

after_years as (

    select
        cast(entered.entry_year as string) as period,
        later.on_date,
        later.years_on,
        entered.college_code,
        entered.major_code,
        later.is_kept,
        later.is_kept and repeated.student_no is null as is_promoted
    from entered
    inner join later on entered.student_no = later.student_no
    left join repeated on entered.student_no = repeated.student_no

),

after_level as (

    {{ student_levels('after_years', ['school', 'college', 'major']) }}

),

after_cells as (

    select
        period,
        on_date,
        years_on,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as entrants,
        sum(case when is_kept then 1 else 0 end) as kept,
        sum(case when is_promoted then 1 else 0 end) as promoted
    from after_level
    group by period, on_date, years_on, level, unit

),

graduated as (

    select student_no, min(graduation_year) as graduation_year
    from {{ ref('int_people__graduate') }}
    where is_graduate
    group by student_no

),

planned as (

    select
        cast(entered.entry_year + entered.planned_years - 1 as string)
        || '-' || cast(entered.entry_year + entered.planned_years as string) as period,
        {{ date_of('entered.entry_year + entered.planned_years', 8, 31) }} as on_date,
        entered.college_code,
        entered.major_code,
        coalesce(graduated.graduation_year <= entered.entry_year + entered.planned_years, false) as is_on_time
    from entered
    left join graduated on entered.student_no = graduated.student_no

),

planned_level as (

    {{ student_levels('planned', ['school', 'college', 'major']) }}

),

planned_cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as entrants,
        sum(case when is_on_time then 1 else 0 end) as on_time
    from planned_level
    where on_date <= {{ as_of_date() }}
    group by period, on_date, level, unit

),

retention_rate as (

    {{ indicator_row('retention_rate', 'kept', 'entrants', ratio('kept', 'entrants', 100),
        smallest_group('entrants', ['kept', 'entrants - kept'])) }}
    from after_cells
    where years_on = 1

),

two_year_retention_rate as (

    {{ indicator_row('two_year_retention_rate', 'kept', 'entrants', ratio('kept', 'entrants', 100),
        smallest_group('entrants', ['kept', 'entrants - kept'])) }}
    from after_cells
    where years_on = 2

),

progression_rate as (

    {{ indicator_row('progression_rate', 'promoted', 'entrants', ratio('promoted', 'entrants', 100),
        smallest_group('entrants', ['promoted', 'entrants - promoted', 'kept - promoted'])) }}
    from after_cells
    where years_on = 1

),

on_time_graduation_rate as (

    {{ indicator_row('on_time_graduation_rate', 'on_time', 'entrants', ratio('on_time', 'entrants', 100),
        smallest_group('entrants', ['on_time', 'entrants - on_time'])) }}
    from planned_cells

)

select * from retention_rate
union all
select * from two_year_retention_rate
union all
select * from progression_rate
union all
select * from on_time_graduation_rate
