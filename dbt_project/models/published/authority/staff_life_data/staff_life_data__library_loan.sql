with loan as (

    select * from {{ ref('fct_library_loan') }}
    where reader_kind = 'staff'

),

staff as (

    select * from {{ ref('dim_staff') }}
    where is_latest

)

select
    loan.person_key,
    loan.loan_id,
    loan.reader_no as staff_no,
    staff.college_code,
    loan.barcode,
    loan.title,
    loan.borrowed_at,
    loan.due_date,
    loan.returned_at,
    loan.renewals,
    loan.overdue_days,
    loan.fine,
    loan.updated_at
from loan
left join staff on loan.reader_no = staff.staff_no
