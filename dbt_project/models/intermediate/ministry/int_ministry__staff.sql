-- Grain: day, table, line, column. 高基411 教职工情况, 高基422 专任教师、聘请校外教师学历（位）情况, 高基423 专任教师年龄情况.
-- Titles, degrees and diplomas are those held on the day; a diploma counts from its award on.
with standing as (

    select * from {{ ref('int_ministry__staff_standing') }}

),

census as (

    select * from {{ ref('int_ministry__staff_census') }}

),

staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

diploma as (

    select
        standing.period,
        standing.staff_no,
        max(
            case
                when record.education_level = '11' then 4
                when record.education_level = '14' then 3
                when record.education_level in ('21', '28') then 2
                else 1
            end
        ) as rank
    from standing
    inner join {{ ref('stg_hr_management__staff_education_record') }} as record
        on standing.staff_no = record.staff_no
        and coalesce(record.award_date, date '1900-01-01') <= standing.on_date
    where record.education_level is not null
    group by standing.period, standing.staff_no

),

member as (

    select
        standing.period,
        standing.is_employed,
        standing.is_full_time_teacher,
        standing.is_external_teacher,
        standing.has_doctorate,
        standing.has_postgraduate_degree and not standing.has_doctorate as has_master,
        census.staff_category,
        false as is_retired,
        case
            when standing.title_level in ('1', '2', '3') then standing.title_level
            when standing.title_level in ('4', '5') then '4'
            else '9'
        end as title_rank,
        coalesce(staff.sex = '2', false) as is_female,
        {{ whole_years('staff.birth_date', 'standing.on_date') }} as age,
        coalesce(diploma.rank, 1) as diploma_rank
    from standing
    inner join census on standing.period = census.period and standing.staff_no = census.staff_no
    inner join staff on standing.staff_no = staff.staff_no
    left join diploma on standing.period = diploma.period and standing.staff_no = diploma.staff_no
    union all
    -- whoever has retired is in no census
    select
        day.period, false, false, false, false, false, history.staff_category, true, '9',
        coalesce(staff.sex = '2', false), cast(null as bigint), 1
    from {{ ref('int_calendar__return_date') }} as day
    inner join {{ ref('int_people__staff_history') }} as history
        on history.valid_from <= day.on_date
        and coalesce(history.valid_to, {{ end_of_time() }}) > day.on_date
    inner join staff on history.staff_no = staff.staff_no
    where history.on_post_status in ('01', '02')

),

{%- set at_home = "is_employed and staff_category in ('10', '11', '12', '13', '14', '19')" %}
by_title as (

    {{ in_lines('member', teacher_lines('staff', '(is_employed or is_external_teacher or is_retired)')) }}

),

teacher as (

    {{ in_lines('member', dict(
        teacher_lines('teachers', 'is_full_time_teacher'), **teacher_lines('external', 'is_external_teacher'))) }}

),

teacher_age as (

    {{ in_lines('member', dict(
        teacher_lines('teachers', 'is_full_time_teacher'),
        teachers_doctor='is_full_time_teacher and has_doctorate',
        teachers_master='is_full_time_teacher and has_master')) }}

)

{{ ministry_sums('411', 'by_title', {
    'employed': one_where("is_employed and staff_category in ('10', '11', '12', '13', '14', '19', '20', '30', '40')"),
    'at_home': one_where(at_home),
    'teachers': one_where('is_full_time_teacher'),
    'administrative': one_where("is_employed and staff_category = '13'"),
    'auxiliary': one_where("is_employed and staff_category = '12'"),
    'workers': one_where("is_employed and staff_category = '14'"),
    'research': one_where("is_employed and staff_category = '20'"),
    'enterprises': one_where("is_employed and staff_category = '30'"),
    'other_attached': one_where("is_employed and staff_category = '40'"),
    'external': one_where('is_external_teacher'),
    'retired': one_where('is_retired'),
    'attached_schools': one_where("is_employed and staff_category = '61'"),
    'collective': one_where("is_employed and staff_category = '62'"),
    'unlisted': one_where("is_employed and staff_category in ('60', '99')"),
}) }}
union all
{% set degrees = {} %}
{%- for group, condition in {'all': '1 = 1', 'doctoral': 'diploma_rank = 4', 'masters': 'diploma_rank = 3',
    'bachelor': 'diploma_rank = 2', 'below': 'diploma_rank = 1'}.items() %}
    {%- do degrees.update({
        group: one_where(condition),
        group ~ '_doctorate': one_where(condition ~ ' and has_doctorate'),
        group ~ '_master': one_where(condition ~ ' and has_master'),
    }) %}
{%- endfor %}
{{ ministry_sums('422', 'teacher', degrees) }}
union all
{% set ages = {'total': '1', 'age_29': one_where('age <= 29')} %}
{%- for age in range(30, 65, 5) %}
    {%- do ages.update({'age_' ~ age: one_where('age between ' ~ age ~ ' and ' ~ (age + 4))}) %}
{%- endfor %}
{%- do ages.update({'age_65': one_where('age >= 65')}) %}
{{ ministry_sums('423', 'teacher_age', ages) }}
