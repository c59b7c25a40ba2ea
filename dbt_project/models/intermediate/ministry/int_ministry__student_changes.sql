-- Grain: day, table, line, column. 高基331 学生变动情况: from those in residence a year before to those in residence on
-- the day, with what happened between (after the one day up to the other). 其他 is what the named columns leave over.
-- A day whose predecessor the data does not cover has no opening count, so no 其他 either.
with day as (

    select * from {{ ref('int_calendar__return_date') }}
    where is_return

),

resident as (

    select * from {{ ref('int_ministry__student') }}
    where is_return

),

student as (

    select student.student_no, {{ student_class('student') }} as line
    from {{ ref('stg_student_affairs__student_status') }} as student

),

counted as (

    select period, student_class as line, 0 as opening, 1 as closing, {{ one_where('is_entrant') }} as entrants,
        cast(null as string) as change_type, cast(null as string) as result
    from resident
    union all
    select day.period, resident.student_class, 1, 0, 0, null, null
    from resident
    inner join day on resident.return_year + 1 = day.return_year
    union all
    select day.period, student.line, 0, 0, 0, change.change_type, null
    from day
    inner join {{ ref('stg_student_affairs__student_status_change') }} as change
        on change.effective_date > {{ date_of('day.return_year - 1', 9, 1) }} and change.effective_date <= day.on_date
    inner join student on change.student_no = student.student_no
    union all
    select day.period, student.line, 0, 0, 0, null, graduate.result
    from day
    inner join {{ ref('int_people__graduate') }} as graduate on day.return_year = graduate.graduation_year
    inner join student on graduate.student_no = student.student_no

),

summed as (

    select
        period,
        line,
        sum(opening) as opening,
        sum(closing) as closing,
        sum(entrants) as entrants,
        sum({{ one_where("change_type in ('08', '12')") }}) as returned,
        sum({{ one_where("change_type = '22'") }}) as transferred_in,
        sum({{ one_where("result = '毕业'") }}) as graduates,
        sum({{ one_where("result = '结业'") }}) as completed,
        sum({{ one_where("change_type = '11'") }}) as suspended,
        sum({{ one_where("change_type = '31'") }}) as withdrawn,
        sum({{ one_where("change_type = '42'") }}) as expelled,
        sum({{ one_where("change_type = '51'") }}) as died,
        sum({{ one_where("change_type = '21'") }}) as transferred_out
    from counted
    where line in ('junior_college', 'undergraduate')
    group by period, line

),

balanced as (

    select
        summed.*,
        before.return_year is not null as has_opening,
        case
            when before.return_year is not null
                then closing - opening - entrants - returned - transferred_in
                    + graduates + completed + suspended + withdrawn + expelled + died + transferred_out
        end as rest
    from summed
    inner join day on summed.period = day.period
    left join day as before on day.return_year - 1 = before.return_year

)

{{ ministry_sums('331', 'balanced', {
    'opening': 'case when has_opening then opening end',
    'increase': 'case when has_opening then entrants + returned + transferred_in + greatest(rest, 0) end',
    'entrants': 'entrants',
    'returned': 'returned',
    'transferred_in': 'transferred_in',
    'other_increase': 'case when has_opening then greatest(rest, 0) end',
    'decrease': 'case when has_opening then graduates + completed + suspended + withdrawn + expelled + died'
        ~ ' + transferred_out + greatest(-rest, 0) end',
    'graduates': 'graduates',
    'completed': 'completed',
    'suspended': 'suspended',
    'withdrawn': 'withdrawn',
    'expelled': 'expelled',
    'died': 'died',
    'transferred_out': 'transferred_out',
    'other_decrease': 'case when has_opening then greatest(-rest, 0) end',
    'closing': 'closing',
}) }}
