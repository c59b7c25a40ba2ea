-- What the overview says of a person in one row. It is made of what their other pages show, so it holds nothing
-- that belongs to no item; what depends on the day of reading is left to the page.
with person as (

    select * from {{ ref('personal__person') }}

),

student as (

    select *, row_number() over (
        partition by person_key order by entry_date desc nulls last, student_no desc
    ) as place
    from {{ ref('personal__student') }}

),

staff as (

    select *, row_number() over (
        partition by person_key order by case when left_date is null then 0 else 1 end, left_date desc, staff_no desc
    ) as place
    from {{ ref('personal__staff') }}

),

term as (

    select *, row_number() over (partition by person_key order by term_code desc) as place
    from {{ ref('personal__term_summary') }}

),

graded_term as (

    select *, row_number() over (partition by person_key order by term_code desc) as place
    from {{ ref('personal__term_summary') }}
    where gpa is not null

),

chosen as (

    select person_key, term_code, sum(credits) as credits
    from {{ ref('personal__course_selection') }}
    where dropped_at is null
    group by person_key, term_code

),

teaching as (

    select
        person_key,
        term_code,
        count(distinct class_no) as class_count,
        sum(hours) as hours,
        sum(enrolled) as students,
        row_number() over (partition by person_key order by term_code desc) as place
    from {{ ref('personal__teaching') }}
    group by person_key, term_code

),

post as (

    select *, row_number() over (
        partition by person_key order by effective_date desc, staff_no desc, seq desc
    ) as place
    from {{ ref('personal__staff_position') }}
    where is_current

),

title as (

    select *, row_number() over (
        partition by person_key order by engaged_date desc nulls last, award_date desc nulls last, title
    ) as place
    from {{ ref('personal__staff_title') }}
    where is_current

),

card as (

    select person_key, sum(balance) as balance
    from {{ ref('personal__meal_account') }}
    where card_status <> '注销' and ended_on is null
    group by person_key

),

bill as (

    select person_key, sum(outstanding_amount) as outstanding_amount
    from {{ ref('personal__fee_bill') }}
    group by person_key

),

aid as (

    select person_key, sum(amount) as amount, max(paid_date) as paid_date
    from {{ ref('personal__student_disbursement') }}
    where status = '成功' and payment_type in ('奖学金', '助学金', '补助')
    group by person_key

),

pay as (

    select *, row_number() over (partition by person_key order by month desc, staff_no desc) as place
    from {{ ref('personal__staff_payroll') }}

),

loan as (

    select person_key, count(*) as loans, min(due_date) as due_date
    from {{ ref('personal__library_loan') }}
    where returned_at is null
    group by person_key

)

select
    person.person_key,
    student.student_no,
    student.college_name,
    student.major_name,
    student.class_code,
    student.current_status as student_status,
    cast(student.total_credits as decimal(10, 4)) as credits_earned,
    term.term_code,
    term.course_count,
    cast(chosen.credits as decimal(10, 4)) as term_credits,
    graded_term.term_code as gpa_term_code,
    graded_term.gpa,
    graded_before.gpa as gpa_before,
    staff.staff_no,
    staff.unit_name,
    staff.on_post_status,
    staff.joined_school_date,
    staff.left_date,
    coalesce(post.position_name, post.post_category) as position_name,
    post.effective_date as position_since,
    title.title,
    teaching.term_code as teaching_term_code,
    cast(teaching.class_count as integer) as class_count,
    cast(teaching.hours as integer) as teaching_hours,
    cast(teaching.students as integer) as taught_students,
    cast(card.balance as decimal(14, 2)) as card_balance,
    cast(bill.outstanding_amount as decimal(14, 2)) as outstanding_amount,
    cast(aid.amount as decimal(14, 2)) as aid_amount,
    aid.paid_date as aid_paid_date,
    pay.month as pay_month,
    cast(pay.net_pay as decimal(14, 2)) as net_pay,
    cast(coalesce(loan.loans, 0) as integer) as open_loans,
    loan.due_date as loan_due_date
from person
left join student on person.person_key = student.person_key and student.place = 1
left join staff on person.person_key = staff.person_key and staff.place = 1
left join term on person.person_key = term.person_key and term.place = 1
left join chosen on term.person_key = chosen.person_key and term.term_code = chosen.term_code
left join graded_term on person.person_key = graded_term.person_key and graded_term.place = 1
left join graded_term as graded_before
    on person.person_key = graded_before.person_key and graded_before.place = 2
left join post on person.person_key = post.person_key and post.place = 1
left join title on person.person_key = title.person_key and title.place = 1
left join teaching on person.person_key = teaching.person_key and teaching.place = 1
left join card on person.person_key = card.person_key
left join bill on person.person_key = bill.person_key
left join aid on person.person_key = aid.person_key
left join pay on person.person_key = pay.person_key and pay.place = 1
left join loan on person.person_key = loan.person_key
