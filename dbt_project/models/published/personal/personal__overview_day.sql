-- The last twelve weeks up to the as-of day, so that a page reads days and not years of them.
with meal as (

    select person_key, meal_date as day, meal_count, amount as meal_amount, 0 as library_minutes, 0 as study_seconds
    from {{ ref('personal__meal_day') }}

),

visit as (

    select person_key, visit_date as day, 0 as meal_count, 0 as meal_amount, minutes as library_minutes, 0 as study_seconds
    from {{ ref('personal__library_visit') }}

),

study as (

    select person_key, activity_date as day, 0 as meal_count, 0 as meal_amount, 0 as library_minutes, video_seconds as study_seconds
    from {{ ref('personal__online_learning_day') }}

),

done as (

    select * from meal
    union all
    select * from visit
    union all
    select * from study

)

select
    person_key,
    day,
    cast(coalesce(sum(meal_count), 0) as integer) as meal_count,
    cast(coalesce(sum(meal_amount), 0) as decimal(14, 2)) as meal_amount,
    cast(coalesce(sum(library_minutes), 0) as integer) as library_minutes,
    cast(round(coalesce(sum(study_seconds), 0) / 60, 0) as integer) as study_minutes
from done
where day > {{ days_before(as_of_date(), 84) }} and day <= {{ as_of_date() }}
group by person_key, day
