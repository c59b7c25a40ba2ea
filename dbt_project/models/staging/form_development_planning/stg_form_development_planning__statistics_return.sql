with source as (

    {{ latest_rows(source('form_development_planning', 'statistics_return'), ['return_code', 'year', 'indicator_id']) }}

),

renamed as (

    select
        -- ids
        return_code,
        year,
        indicator_id,
        -- text
        adjust_reason,
        signed_by,
        -- numbers
        computed_value,
        adjusted_value,
        -- dates
        signed_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
