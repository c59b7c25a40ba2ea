with mailbox as (

    select * from {{ ref('stg_email_system__mail_account') }}

),

person as (

    select person_key, account from {{ ref('int_people__account') }}
    where system = 'email_system' and person_key is not null and handed_on is null

)

select
    person.person_key,
    mailbox.mailbox,
    mailbox.owner_kind,
    mailbox.status,
    mailbox.quota_mb,
    mailbox.is_two_factor,
    mailbox.created_date,
    {{ beijing_date('mailbox.ended_at') }} as ended_on,
    mailbox.updated_at
from mailbox
inner join person on mailbox.mailbox = person.account
