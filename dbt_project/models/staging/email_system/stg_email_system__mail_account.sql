with source as (

    {{ snapshot_rows(source('email_system', 'mail_account'), ['mailbox']) }}

),

renamed as (

    select
        -- ids
        mailbox,
        owner_no,
        -- text
        owner_kind,
        status,
        -- numbers
        quota_mb,
        -- booleans
        two_factor as is_two_factor,
        -- dates
        created_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
