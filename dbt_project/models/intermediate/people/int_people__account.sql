-- Grain: system, account and first day of a span in which it belonged to one staff or student number. A span
-- begins on the day the account was opened or handed to that number, and ends (that day not included) when it
-- was handed on (`handed_on`), expired or disappeared. `person_key` is null where the account is no person's (a department's
-- mailbox) or its number is unknown; a number that was given out again leads to the key that nobody signs in to.
with version as (

    select
        'real_name_authentication' as system,
        account,
        person_no as number,
        person_kind as holder_kind,
        opened_date as opened_on,
        expires_date as expires_on,
        {{ beijing_date('valid_from') }} as seen_from,
        {{ beijing_date('valid_to') }} as seen_to,
        valid_from as seen_at
    from {{ ref('stg_real_name_authentication__identity_account_history') }}
    where not is_deleted
    union all
    select
        'email_system' as system,
        mailbox as account,
        owner_no as number,
        owner_kind as holder_kind,
        created_date as opened_on,
        cast(null as date) as expires_on,
        {{ beijing_date('valid_from') }} as seen_from,
        {{ beijing_date('valid_to') }} as seen_to,
        valid_from as seen_at
    from {{ ref('stg_email_system__mail_account_history') }}
    where not is_deleted

),

turned as (

    select
        version.*,
        lag(number) over (partition by system, account order by seen_at) as previous_number,
        row_number() over (partition by system, account order by seen_at) as version_no
    from version

),

stretched as (

    select
        turned.*,
        sum(case when version_no = 1 or number is distinct from previous_number then 1 else 0 end) over (
            partition by system, account order by seen_at
            rows between unbounded preceding and current row
        ) as span_no
    from turned

),

latest as (

    select
        stretched.*,
        cast(expires_on + interval '1' day as date) as expired_from,
        row_number() over (partition by system, account, span_no order by seen_at desc) as latest_rank,
        min(seen_from) over (partition by system, account, span_no) as first_seen
    from stretched

),

span as (

    select
        system,
        account,
        number,
        holder_kind,
        span_no = 1 as is_first,
        lead(first_seen) over (partition by system, account order by span_no) as handed_on,
        case when span_no = 1 and opened_on < first_seen then opened_on else first_seen end as valid_from,
        case
            when expires_on < coalesce(seen_to, expired_from) then expired_from
            else seen_to
        end as valid_to
    from latest
    where latest_rank = 1

),

number as (

    select * from {{ ref('int_people__number') }}

)

select
    span.system,
    span.account,
    number.person_key,
    number.kind,
    span.number,
    span.holder_kind,
    span.valid_from,
    case when span.valid_to < span.valid_from then span.valid_from else span.valid_to end as valid_to,
    span.is_first,
    span.handed_on
from span
left join number
    on span.number = number.number
    and number.kind = case
        when span.holder_kind in ('学生', '校友') then 'student'
        when span.holder_kind = '教职工' then 'staff'
    end
