-- Grain: indicator, period, level, unit. Every computed figure with the names of its units; `smallest_group`
-- is for the public audience and is never published. A new indicator: its model, one line here, its
-- definition in seeds/indicator.csv.
{%- set families = [
    'int_statistics__student_headcount',
    'int_statistics__staff_headcount',
    'int_statistics__student_teacher_ratio',
    'int_statistics__teaching',
    'int_statistics__library',
    'int_statistics__meals',
    'int_statistics__tuition',
    'int_statistics__holdings',
    'int_statistics__canteen',
    'int_statistics__aid',
    'int_statistics__activities',
    'int_statistics__checkups',
    'int_statistics__teachers',
    'int_statistics__support_staff',
    'int_statistics__teaching_staff',
    'int_statistics__classes',
    'int_statistics__study_results',
    'int_statistics__course_failure',
    'int_statistics__credits',
    'int_statistics__admission',
    'int_statistics__status_change',
    'int_statistics__graduation',
    'int_statistics__destination',
    'int_statistics__cohort',
    'int_statistics__space',
    'int_statistics__classroom_use',
    'int_statistics__dormitory',
    'int_statistics__energy',
    'int_statistics__campus',
    'int_statistics__assets',
    'int_statistics__asset_changes',
    'int_statistics__instruments',
    'int_statistics__research',
    'int_statistics__budget',
    'int_statistics__spending',
    'int_statistics__gpa_distribution',
] %}
with figure as (

    {% for family in families %}
    select * from {{ ref(family) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

major as (

    select * from {{ ref('stg_academic_affairs__major') }}

)

select
    figure.indicator,
    figure.period,
    figure.level,
    figure.unit,
    case
        when figure.unit = 'school' then '{{ var("school_name") | replace("'", "''") }}'
        when figure.unit = 'unassigned' then '未归属'
        when figure.level = 'college' then coalesce(unit.unit_name, figure.unit)
        when figure.level = 'major' then coalesce(major.major_name, figure.unit)
        else figure.unit
    end as unit_name,
    figure.parent_unit,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.as_of_date,
    figure.smallest_group
from figure
left join unit on figure.level = 'college' and figure.unit = unit.unit_code
left join major on figure.level = 'major' and figure.unit = major.major_code
