-- Grain: indicator, period, level, unit. What the school has as a whole: land and exit bandwidth per full-time
-- student on the days of the head-counts, partners under agreement by the year of the form.
with population as (

    select period, on_date, sum(students) as students, sum(full_time) as full_time
    from {{ ref('int_statistics__population') }}
    group by period, on_date

),

fact as (

    select *
    from {{ ref('stg_form_development_planning__school_basic_fact') }}
    where {{ number_of('value') }} is not null

),

land as (

    select population.period, sum(parcel.area) as area
    from population
    inner join {{ ref('stg_property_management__land_parcel_history') }} as parcel
        on {{ beijing_date('parcel.valid_from') }} <= population.on_date
        and coalesce({{ beijing_date('parcel.valid_to') }}, {{ end_of_time() }}) > population.on_date
    where not parcel.is_deleted and coalesce(parcel.property_right, '1') <> '3'
    group by population.period

),

declared as (

    select year, max({{ number_of('value') }}) as mbps
    from fact
    where fact_code = 'bandwidth_mbps'
    group by year

),

measured as (

    select {{ year_of('stat_date') }} as year, max(peak_mbps) as mbps
    from {{ ref('stg_it_operations__it_availability_daily') }}
    group by {{ year_of('stat_date') }}

),

cells as (

    select
        population.period,
        population.on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        population.students,
        population.full_time,
        land.area,
        coalesce(declared.mbps, measured.mbps) as mbps
    from population
    left join land on population.period = land.period
    left join declared on {{ year_of('population.on_date') }} = declared.year
    left join measured on {{ year_of('population.on_date') }} = measured.year

),

agreement as (

    select
        cast(year as string) as period,
        coalesce(max(as_at_date), {{ date_of('year', 9, 1) }}) as on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        coalesce(
            sum(case when fact_code like 'agreements.%' then {{ number_of('value') }} end),
            max(case when fact_code = 'agreements' then {{ number_of('value') }} end)
        ) as partners
    from fact
    where fact_code = 'agreements' or fact_code like 'agreements.%'
    group by year

),

land_per_student as (

    {{ indicator_row('land_per_student', 'area', 'full_time', ratio('area', 'full_time'), full_time_group()) }}
    from cells
    where area is not null

),

campus_bandwidth_per_student as (

    {{ indicator_row('campus_bandwidth_per_student', 'mbps', 'full_time', ratio('mbps', 'full_time', 1000),
        full_time_group()) }}
    from cells
    where mbps is not null

),

cooperation_agreements as (

    {{ indicator_row('cooperation_agreements', 'partners', 'null', 'partners', 'null') }}
    from agreement

)

select * from land_per_student
union all
select * from campus_bandwidth_per_student
union all
select * from cooperation_agreements
