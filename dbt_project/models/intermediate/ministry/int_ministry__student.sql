-- Grain: one student in residence on one day that the ministry counts on, with what its tables ask of a student.
-- `student_class` is that of the head-counts; 普通专科 and 普通本科 are two of its values. On 1 September whoever was
-- concluded (毕业, 结业, 肄业) by the summer has gone, also where the snapshot that says so came in autumn only.
with census as (

    {{ student_census(ref('int_calendar__return_date')) }}

),

day as (

    select * from {{ ref('int_calendar__return_date') }}

),

student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

conclusion as (

    select student_no, max(term_end_date) as on_date
    from {{ ref('int_people__graduate') }}
    where result <> '延期'
    group by student_no

),

gone as (

    select
        student.student_no,
        coalesce(conclusion.on_date, {{ month_end('student.expected_graduation') }}) as on_date
    from student
    left join conclusion on student.student_no = conclusion.student_no
    where student.current_status in {{ completed_statuses() }}

)

select
    census.period,
    census.on_date,
    day.return_year,
    day.is_return,
    census.student_no,
    census.student_class,
    case
        when census.student_class in ('correspondence', 'evening', 'adult_full_time')
            then case when census.cultivation_level = '3' then 'adult_undergraduate' else 'adult_junior_college' end
        else census.student_class
    end as student_kind,
    coalesce(census.major_code, 'unassigned') as major_code,
    coalesce(student.sex = '2', false) as is_female,
    {{ whole_years('student.birth_date', 'census.on_date') }} as age,
    day.return_year - {{ year_of('student.entry_date') }} + 1 as grade,
    student.entry_date > {{ date_of('day.return_year - 1', 9, 1) }} as is_entrant,
    coalesce(substr(student.expected_graduation, 1, 4) = cast(day.return_year + 1 as string), false) as is_due_next_year,
    coalesce(substr(student.origin_place, 1, 2), 'unassigned') as province_code,
    coalesce(student.political_affiliation in ('01', '02'), false) as is_party_member,
    coalesce(student.political_affiliation = '03', false) as is_league_member,
    coalesce(student.political_affiliation in ('04', '05', '06', '07', '08', '09', '10', '11'), false)
        as is_democratic_party_member,
    coalesce(student.ethnicity between '02' and '56', false) as is_minority,
    student.overseas_status
from census
inner join day on census.period = day.period
inner join student on census.student_no = student.student_no
left join gone on census.student_no = gone.student_no
where not (day.is_return and coalesce(gone.on_date <= census.on_date, false))
