with activation as (

    select * from {{ ref('stg_software_licensing__software_activation') }}

),

license as (

    select license_no, product from {{ ref('stg_software_licensing__software_license') }}

),

person as (

    select person_key, account, valid_from, handed_on, is_first from {{ ref('int_people__account') }}
    where system = 'real_name_authentication' and person_key is not null

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
inner join person
    on activation.account = person.account
    and {{ held_account_on('person', beijing_date('activation.activated_at')) }}
left join license on activation.license_no = license.license_no
