with usage as (

    select * from {{ ref('stg_email_system__mail_usage_monthly') }}

),

person as (

    select person_key, account from {{ ref('int_people__account') }}
    where account_kind = 'mail'

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
inner join person on usage.mailbox = person.account
