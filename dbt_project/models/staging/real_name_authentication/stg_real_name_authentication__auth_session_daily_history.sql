-- Grain: one version of account、stat_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('real_name_authentication', 'auth_session_daily'), ['account', 'stat_date']) }}

),

renamed as (

    select
        -- ids
        account,
        -- numbers
        logins,
        failed_logins,
        online_minutes,
        mb_in,
        mb_out,
        -- dates
        stat_date,
        first_login_at,
        last_logout_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
