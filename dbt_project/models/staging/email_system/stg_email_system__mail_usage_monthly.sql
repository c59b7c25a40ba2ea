with source as (

    {{ latest_rows(source('email_system', 'mail_usage_monthly'), ['mailbox', 'month']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
