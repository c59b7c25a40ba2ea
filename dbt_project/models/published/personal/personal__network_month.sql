{{ config(
    materialized='growing',
    grows_by='stg_real_name_authentication__auth_session_daily',
    key=['account', 'month'],
    key_there=['account', month_text('stat_date')],
    month_of='stat_date'
) }}
-- Single days say when somebody was online and no item or base dataset asks for them; a month says how much.
with usage as (

    select * from {{ ref('stg_real_name_authentication__auth_session_daily') }}

),

person as (

    select person_key, account, valid_from, handed_on, is_first from {{ ref('int_people__account') }}
    where system = 'real_name_authentication' and person_key is not null

)

select
    person.person_key,
    usage.account,
    {{ month_text('usage.stat_date') }} as month,
    cast(count(*) as integer) as days,
    cast(sum(usage.logins) as bigint) as logins,
    cast(sum(usage.failed_logins) as bigint) as failed_logins,
    cast(sum(usage.online_minutes) as bigint) as online_minutes,
    cast(sum(usage.mb_in) as bigint) as mb_in,
    cast(sum(usage.mb_out) as bigint) as mb_out,
    max(usage.updated_at) as updated_at
from usage
inner join person
    on usage.account = person.account
    and {{ held_account_on('person', 'usage.stat_date') }}
group by person.person_key, usage.account, {{ month_text('usage.stat_date') }}
