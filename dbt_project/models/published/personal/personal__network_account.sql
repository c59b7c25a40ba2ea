with account as (

    select * from {{ ref('stg_real_name_authentication__identity_account') }}

),

person as (

    select person_key, account from {{ ref('int_people__account') }}
    where system = 'real_name_authentication' and person_key is not null and handed_on is null

)

select
    person.person_key,
    account.account,
    account.person_kind,
    account.is_id_verified,
    account.is_phone_bound,
    account.status,
    account.opened_date,
    account.expires_date,
    {{ beijing_date('account.ended_at') }} as ended_on,
    account.updated_at
from account
inner join person on account.account = person.account
