-- Grain: one writing of 周次 and one week it names. '1-8,10-16' are two parts, '1-15单' the odd weeks of its span.
with written as (

    select distinct weeks
    from {{ ref('stg_academic_affairs__teaching_class') }}
    where weeks is not null

),

place as (

    {{ numbers(1, 30) }}

),

part as (

    select
        written.weeks,
        split_part(written.weeks, ',', place.number) as part
    from written
    cross join place
    where split_part(written.weeks, ',', place.number) <> ''

),

span as (

    select
        weeks,
        part,
        replace(replace(part, '单', ''), '双', '') as plain
    from part

),

ends as (

    select
        weeks,
        part,
        cast(split_part(plain, '-', 1) as integer) as first_week,
        cast(case when plain like '%-%' then split_part(plain, '-', 2) else plain end as integer) as last_week
    from span

)

select distinct ends.weeks, place.number as week
from ends
inner join place on place.number between ends.first_week and ends.last_week
where
    (ends.part not like '%单' or place.number % 2 = 1)
    and (ends.part not like '%双' or place.number % 2 = 0)
