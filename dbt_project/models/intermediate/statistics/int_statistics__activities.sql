-- Grain: indicator, period, level, unit. 学生社团参与人次 by calendar year (高等教育质量监测国家数据平台 表6-8), the school's
-- also by the table's six kinds of club, which sum to it; 教职工人均参加工会活动次数.
{%- set kinds = {
    'science': '科技', 'humanities': '人文社会', 'sports': '体育', 'arts': '文艺', 'innovation': '创新创业'
} %}
with year as (

    select * from {{ ref('int_calendar__year') }}

),

participation as (

    select
        year.period,
        year.on_date,
        activity.student_no,
        activity.start_date,
        case activity.club_class
            {%- for kind, name in kinds.items() %}
            when '{{ name }}' then '{{ kind }}'
            {%- endfor %}
            else 'other'
        end as club_kind
    from {{ ref('stg_student_affairs__student_activity') }} as activity
    inner join year on cast({{ year_of('activity.start_date') }} as string) = year.period
    where activity.activity_type = '社团'

),

participation_row as (

    {{ placed_students('participation', 'student_no', 'start_date') }}

),

levels as (

    {{ student_levels('participation_row') }}

),

cells as (

    select
        period, on_date, level, unit, max(parent_unit) as parent_unit,
        count(*) as participations, count(distinct student_no) as people
        {%- for kind in kinds.keys() | list + ['other'] %},
        count(case when club_kind = '{{ kind }}' then 1 end) as {{ kind }},
        count(distinct case when club_kind = '{{ kind }}' then student_no end) as {{ kind }}_people
        {%- endfor %}
    from levels
    group by period, on_date, level, unit

),

club_participation as (

    {{ indicator_row('club_participation', 'participations', 'null', 'participations', 'people') }}
    from cells

),

school as (

    select * from cells
    where level = 'school'

),

club_by_kind as (

    {{ indicator_row('club_participation_science', 'science', 'null', 'science', 'science_people') }}
    from school
    union all
    {{ indicator_row('club_participation_humanities', 'humanities', 'null', 'humanities', 'humanities_people') }}
    from school
    union all
    {{ indicator_row('club_participation_sports', 'sports', 'null', 'sports', 'sports_people') }}
    from school
    union all
    {{ indicator_row('club_participation_arts', 'arts', 'null', 'arts', 'arts_people') }}
    from school
    union all
    {{ indicator_row('club_participation_innovation', 'innovation', 'null', 'innovation', 'innovation_people') }}
    from school
    union all
    {{ indicator_row('club_participation_other', 'other', 'null', 'other', 'other_people') }}
    from school

),

staff as (

    select period, count(*) as staff
    from {{ ref('int_statistics__staff_census') }}
    where is_employed
    group by period

),

-- An activity tells how many came, not who: its largest is the fewest people that can stand behind the sum.
union_year as (

    select
        year.period,
        year.on_date,
        'school' as level,
        'school' as unit,
        cast(null as string) as parent_unit,
        sum(activity.participants) as participants,
        max(activity.participants) as largest,
        max(coalesce(staff.staff, 0)) as staff
    from {{ ref('stg_form_labor_union__union_activity') }} as activity
    inner join year on cast({{ year_of('activity.activity_date') }} as string) = year.period
    left join staff on year.census_period = staff.period
    group by year.period, year.on_date

),

union_participation_per_staff as (

    {{ indicator_row('union_participation_per_staff', 'participants', 'staff', ratio('participants', 'staff'),
        'least(staff, largest)') }}
    from union_year

)

select * from club_participation
union all
select * from club_by_kind
union all
select * from union_participation_per_staff
