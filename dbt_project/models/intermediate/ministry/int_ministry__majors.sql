-- Grain: day, table, line, column. 高基311 普通专科分专业学生数 and 高基312 普通本科分专业学生数: one line per major.
-- Residents count in the major of the day; graduates of the academic year that ended the day before count in the
-- major they left, also where nobody is left in it.
{%- set tables = {'311': 'junior_college', '312': 'undergraduate'} %}
with day as (

    select * from {{ ref('int_calendar__return_date') }}

),

resident as (

    select * from {{ ref('int_ministry__student') }}

),

student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

graduate as (

    select
        day.period,
        coalesce(graduate.major_code, 'unassigned') as major_code,
        {{ student_class('student') }} as student_class,
        coalesce(student.sex = '2', false) as is_female,
        graduate.is_degree_awarded
    from day
    inner join {{ ref('int_people__graduate') }} as graduate on day.return_year = graduate.graduation_year
    inner join student on graduate.student_no = student.student_no
    where graduate.is_graduate

),

major as (

    select * from {{ ref('stg_academic_affairs__major') }}

),

counted as (

    select
        period, student_class, major_code,
        0 as graduates, 0 as graduates_women, 0 as degrees,
        {{ one_where('is_entrant') }} as entrants,
        {{ one_where('is_entrant and is_female') }} as entrants_women,
        1 as enrolled,
        {{ one_where('is_female') }} as enrolled_women,
        {% for grade in [1, 2, 3, 4] -%}
        {{ one_where('grade = ' ~ grade) }} as grade_{{ grade }},
        {% endfor -%}
        {{ one_where('grade >= 5') }} as grade_5,
        {{ one_where('is_due_next_year') }} as due_next_year
    from resident
    union all
    select
        period, student_class, major_code,
        1, {{ one_where('is_female') }}, {{ one_where('is_degree_awarded') }}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from graduate

),

lined as (

    select
        counted.*,
        counted.major_code as line,
        coalesce(major.major_name, counted.major_code) as line_name,
        major.catalogue_code as line_code,
        major.school_years
    from counted
    left join major on counted.major_code = major.major_code

),

{%- set columns = ['graduates', 'graduates_women', 'degrees', 'entrants', 'entrants_women', 'enrolled', 'enrolled_women',
    'grade_1', 'grade_2', 'grade_3', 'grade_4', 'grade_5', 'due_next_year'] %}
{% for table, class in tables.items() %}
of_{{ table }} as (

    select * from lined where student_class = '{{ class }}'

),

years_{{ table }} as (

    select distinct period, line, line_name, line_code, school_years from of_{{ table }}

)
{{- ',' if not loop.last }}
{% endfor %}
{% for table in tables %}
{%- set summed = {} %}{% for column in columns %}{% do summed.update({column: column}) %}{% endfor %}
{{ ministry_sums(table, 'of_' ~ table, summed, ['line_name', 'line_code']) }}
union all
{{ ministry_sums(table, 'years_' ~ table, {'school_years': 'school_years'}, ['line_name', 'line_code']) }}
{{ 'union all' if not loop.last }}
{% endfor %}
