with source as (

    {{ latest_of_many_rows(source('real_name_authentication', 'auth_session_daily'), ['account', 'stat_date']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
