-- Grain: one version of mailbox、month, valid from <= moment < to.
with source as (

    {{ row_spans(source('email_system', 'mail_usage_monthly'), ['mailbox', 'month']) }}

),

renamed as (

    select
        -- ids
        mailbox,
        -- numbers
        sent,
        received,
        spam_blocked,
        used_mb,
        abnormal_logins,
        -- dates
        month,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
