with activation as (

    select * from {{ ref('stg_software_licensing__software_activation') }}

),

license as (

    select license_no, product from {{ ref('stg_software_licensing__software_license') }}

),

person as (

    select person_key, account from {{ ref('int_people__account') }}
    where account_kind = 'network'

)

select
    person.person_key,
    activation.activation_id,
    activation.license_no,
    license.product,
    activation.account,
    activation.activated_at,
    activation.device_kind,
    activation.updated_at
from activation
inner join person on activation.account = person.account
left join license on activation.license_no = license.license_no
