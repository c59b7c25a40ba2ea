with source as (

    select * from {{ ref('stg_finance_management__staff_payroll') }}

),

scope as (

    select * from {{ ref('brg_number_scope') }}
    where kind = 'staff'

)

select
    scope.person_key,
    source.staff_no,
    source.month,
    source.basic_pay,
    source.performance_pay,
    source.allowance,
    source.social_insurance,
    source.housing_fund,
    source.tax,
    source.net_pay,
    scope.college_code,
    source.updated_at
from source
left join scope on source.staff_no = scope.number
