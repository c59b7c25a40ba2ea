-- Grain: one network account or mailbox of a person. What a department or a guest holds belongs to nobody.
with held as (

    select
        'network' as account_kind,
        account,
        person_no as number,
        case person_kind when '教职工' then 'staff' when '学生' then 'student' when '校友' then 'student' end as kind
    from {{ ref('stg_real_name_authentication__identity_account') }}
    union all
    select
        'mail' as account_kind,
        mailbox as account,
        owner_no as number,
        case owner_kind when '教职工' then 'staff' when '学生' then 'student' end as kind
    from {{ ref('stg_email_system__mail_account') }}

),

person as (

    select person_key, kind, number from {{ ref('int_people__number') }}

)

select
    person.person_key,
    held.account_kind,
    held.account
from held
inner join person on held.number = person.number and held.kind = person.kind
