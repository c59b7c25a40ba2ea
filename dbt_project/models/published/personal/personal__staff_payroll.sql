with record as (

    select * from {{ ref('stg_finance_management__staff_payroll') }}

),

number as (

    select * from {{ ref('brg_person_number') }}
    where kind = 'staff'

)

select
    number.person_key,
    record.staff_no,
    record.month,
    record.basic_pay,
    record.performance_pay,
    record.allowance,
    record.social_insurance,
    record.housing_fund,
    record.tax,
    record.net_pay,
    record.bank_card_tail,
    record.updated_at
from record
inner join number on record.staff_no = number.number
