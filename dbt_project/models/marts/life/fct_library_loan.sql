with loan as (

    select * from {{ ref('int_life__library_loan') }}

),

item as (

    select * from {{ ref('stg_library_management__library_item') }}

),

number as (

    select * from {{ ref('int_people__number') }}

)

select
    number.person_key,
    loan.loan_id,
    loan.reader_no,
    case loan.reader_kind when '学生' then 'student' else 'staff' end as reader_kind,
    loan.barcode,
    item.title,
    loan.borrowed_at,
    loan.due_date,
    loan.returned_at,
    loan.renewals,
    loan.overdue_days,
    loan.fine,
    loan.updated_at
from loan
left join item on loan.barcode = item.barcode
left join number
    on loan.reader_no = number.number
    and case loan.reader_kind when '学生' then 'student' else 'staff' end = number.kind
