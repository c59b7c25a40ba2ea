-- Grain: indicator, period, level, unit. 毕业去向落实率 of the graduates of a year (all levels of study): what was
-- reported by 31 December, and, as 初次, by 31 August. A destination that was later replaced counts as it was then.
with graduate as (

    select * from {{ ref('int_people__graduate') }}
    where is_graduate

),

version as (

    select * from {{ ref('stg_form_graduate_employment__graduate_destination_history') }}

),

standing as (

    select student_no from version
    where valid_to is null and not is_deleted

),

destination as (

    select version.*
    from version
    inner join standing on version.student_no = standing.student_no
    where not version.is_deleted

),

cut_off as (

    select distinct
        graduation_year,
        {{ reached_day('graduation_year', 8, 31) }} as first_date,
        {{ reached_day('graduation_year', 12, 31) }} as last_date
    from graduate

),

reported as (

    select
        graduate.student_no,
        graduate.graduation_term,
        destination.destination_class in ('协议和合同就业', '自主创业', '灵活就业', '升学') as is_settled,
        destination.reported_date <= cut_off.first_date as is_in_time_first,
        row_number() over (
            partition by
                graduate.student_no,
                graduate.graduation_term,
                destination.reported_date <= cut_off.first_date
            order by destination.reported_date desc, destination.valid_from desc
        ) as place
    from graduate
    inner join cut_off on graduate.graduation_year = cut_off.graduation_year
    inner join destination
        on graduate.student_no = destination.student_no
        and destination.reported_date <= cut_off.last_date

),

-- the last report of the year settles; for the first count, the last one by 31 August
settled as (

    select
        student_no,
        graduation_term,
        max(case when is_in_time_first then case when is_settled then 1 else 0 end end) as first_count,
        max(case when not is_in_time_first then case when is_settled then 1 else 0 end end) as late_count
    from reported
    where place = 1
    group by student_no, graduation_term

),

counted as (

    select
        cast(graduate.graduation_year as string) as period,
        cut_off.first_date,
        cut_off.last_date,
        graduate.college_code,
        graduate.major_code,
        graduate.class_code,
        coalesce(settled.first_count, 0) as settled_first,
        coalesce(settled.late_count, settled.first_count, 0) as settled_last
    from graduate
    inner join cut_off on graduate.graduation_year = cut_off.graduation_year
    left join settled
        on graduate.student_no = settled.student_no
        and graduate.graduation_term = settled.graduation_term

),

levels as (

    {{ student_levels('counted', ['school', 'college', 'major', 'class']) }}

),

cells as (

    select
        period,
        first_date,
        last_date as on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as graduates,
        sum(settled_first) as settled_first,
        sum(settled_last) as settled_last
    from levels
    group by period, first_date, last_date, level, unit

),

first_cells as (

    select
        period, first_date as on_date, level, unit, parent_unit, graduates, settled_first, settled_last
    from cells

),

graduate_destination_rate as (

    {{ indicator_row('graduate_destination_rate', 'settled_last', 'graduates', ratio('settled_last', 'graduates', 100),
        smallest_group('graduates', ['settled_last', 'graduates - settled_last', 'settled_last - settled_first'])) }}
    from cells

),

first_destination_rate as (

    {{ indicator_row('first_destination_rate', 'settled_first', 'graduates', ratio('settled_first', 'graduates', 100),
        smallest_group('graduates', ['settled_first', 'graduates - settled_first', 'settled_last - settled_first'])) }}
    from first_cells

)

select * from graduate_destination_rate
union all
select * from first_destination_rate
