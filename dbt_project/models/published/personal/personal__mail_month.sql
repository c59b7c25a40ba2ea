with usage as (

    select * from {{ ref('stg_email_system__mail_usage_monthly') }}

),

person as (

    select person_key, account, valid_from, handed_on, is_first from {{ ref('int_people__account') }}
    where system = 'email_system' and person_key is not null

)

select
    person.person_key,
    usage.mailbox,
    usage.month,
    usage.sent,
    usage.received,
    usage.spam_blocked,
    usage.used_mb,
    usage.abnormal_logins,
    usage.updated_at
from usage
inner join person
    on usage.mailbox = person.account
    and {{ held_account_on('person', month_end('usage.month')) }}
