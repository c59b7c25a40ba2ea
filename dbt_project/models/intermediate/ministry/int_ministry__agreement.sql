-- Grain: one statement and yearly head-count. What the cells of the ministry's tables, computed for the day of a
-- head-count instead of 1 September, must have in common with the indicators of that day: one rule, two ways.
{%- set statements = [
    ('A2-17', "table_no = '312' and column_id = 'enrolled'", 'undergraduate_share', 'numerator'),
    ('A2-17', "table_no = '321' and line = 'undergraduate' and column_id = 'total'", 'undergraduate_share', 'numerator'),
    ('A2-17', "table_no = '322' and column_id = 'enrolled_undergraduate'", 'undergraduate_share', 'numerator'),
    ('A2-17', "table_no = '411' and line = 'staff_total' and column_id in ('employed', 'attached_schools', 'collective', 'unlisted')",
        'staff_employed', 'numerator'),
    ('A2-17', "table_no = '411' and line = 'staff_total' and column_id = 'teachers'", 'full_time_teachers', 'numerator'),
    ('A2-17', "table_no = '411' and line = 'staff_total' and column_id = 'external'", 'external_teacher_share', 'numerator'),
    ('A2-17', "table_no = '422' and line = 'teachers_total' and column_id = 'all_doctorate'", 'doctoral_teacher_share', 'numerator'),
    ('A2-17', "table_no = '422' and line = 'teachers_total' and column_id in ('all_doctorate', 'all_master')",
        'postgraduate_degree_teacher_share', 'numerator'),
    ('A2-17', "table_no = '423' and line in ('teachers_senior', 'teachers_associate') and column_id = 'total'",
        'senior_title_teacher_share', 'numerator'),
    ('A2-19', "table_no = '521' and line = 'own' and column_id = 'assets'", 'fixed_assets_total', 'numerator'),
    ('A2-19', "table_no = '521' and line = 'own' and column_id = 'equipment'", 'research_equipment_per_student', 'numerator / 10000'),
    ('A2-19', "table_no = '521' and line in ('own', 'others_alone') and column_id = 'land'", 'land_per_student', 'numerator'),
] %}
with cell as (

    select * from {{ ref('int_ministry__cell') }}
    where not is_return

),

figure as (

    select * from {{ ref('int_statistics__indicator_value') }}
    where level = 'school'

),

student as (

    select return_year, count(*) as students
    from {{ ref('int_ministry__student') }}
    where not is_return
    group by return_year

),

stated as (

    {% for row_code, condition, indicator, part in statements -%}
    select
        '{{ row_code }}' as row_code,
        {{ loop.index }} as statement,
        counted.return_year,
        counted.value as counted,
        figure.{{ part }} as figured
    from (select return_year, sum(value) as value from cell where {{ condition }} group by return_year) as counted
    inner join figure
        on figure.indicator = '{{ indicator }}' and figure.period = cast(counted.return_year as string)
    union all
    {% endfor -%}
    select 'A2-17', 0, student.return_year, cast(student.students as double), figure.numerator
    from student
    inner join figure
        on figure.indicator = 'students_enrolled' and figure.period = cast(student.return_year as string)

)

select
    row_code,
    statement,
    return_year,
    cast(counted as double) as counted,
    cast(figured as double) as figured
from stated
