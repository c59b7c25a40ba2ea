-- Grain: one staff member or external teacher on one head-count date (the rows of int_statistics__staff_census),
-- with what the person was on that day: the title engaged last, the highest degree taken, the posts that ran.
with census as (

    select * from {{ ref('int_statistics__staff_census') }}

),

title as (

    select
        staff_no,
        title_code,
        title_level,
        award_date,
        coalesce(engaged_date, award_date) as held_from
    from {{ ref('stg_hr_management__staff_title_record') }}
    where engage_status in {{ engaged_statuses() }}

),

titles_held as (

    select
        census.period,
        census.staff_no,
        title.title_code,
        title.title_level,
        row_number() over (
            partition by census.period, census.staff_no
            order by title.held_from desc, title.award_date desc, title.title_level, title.title_code
        ) as place
    from census
    inner join title
        on census.staff_no = title.staff_no
        and title.held_from <= census.on_date

),

degree as (

    select
        staff_no,
        coalesce(award_date, date '1900-01-01') as held_from,
        case substr(degree, 1, 1) when '2' then 3 when '3' then 2 when '4' then 1 end as rank
    from {{ ref('stg_hr_management__staff_education_record') }}
    where degree is not null

),

degrees_held as (

    select census.period, census.staff_no, max(degree.rank) as rank
    from census
    inner join degree
        on census.staff_no = degree.staff_no
        and degree.held_from <= census.on_date
    group by census.period, census.staff_no

),

-- an appointment that is over without a day of ending ended when the next one began
post as (

    select
        staff_no,
        position_name,
        effective_date,
        coalesce(
            end_date,
            case
                when not is_current
                    then lead(effective_date) over (partition by staff_no order by effective_date, seq)
            end,
            date '9999-12-31'
        ) as until_date
    from {{ ref('stg_hr_management__staff_position_record') }}

),

posts_held as (

    select
        census.period,
        census.staff_no,
        max(case when post.position_name like '%辅导员%' then 1 else 0 end) as is_counsellor,
        max(case when post.position_name like '%心理%' then 1 else 0 end) as is_psychology_teacher
    from census
    inner join post
        on census.staff_no = post.staff_no
        and post.effective_date <= census.on_date
        and census.on_date < post.until_date
    where post.position_name like '%辅导员%' or post.position_name like '%心理%'
    group by census.period, census.staff_no

)

select
    census.period,
    census.on_date,
    census.staff_no,
    census.college_code,
    census.is_employed,
    census.is_full_time_teacher,
    census.is_external_teacher,
    titles_held.title_code,
    titles_held.title_level,
    coalesce(titles_held.title_code = '011', false) as is_professor,
    coalesce(titles_held.title_level in ('1', '2'), false) as has_senior_title,
    coalesce(degrees_held.rank >= 2, false) as has_postgraduate_degree,
    coalesce(degrees_held.rank = 3, false) as has_doctorate,
    census.is_employed and coalesce(posts_held.is_counsellor, 0) = 1 as is_counsellor,
    census.is_employed and coalesce(posts_held.is_psychology_teacher, 0) = 1 as is_psychology_teacher
from census
left join titles_held
    on census.period = titles_held.period
    and census.staff_no = titles_held.staff_no
    and titles_held.place = 1
left join degrees_held on census.period = degrees_held.period and census.staff_no = degrees_held.staff_no
left join posts_held on census.period = posts_held.period and census.staff_no = posts_held.staff_no
