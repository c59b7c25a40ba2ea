-- Grain: one version of return_code、year、indicator_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_development_planning', 'statistics_return'), ['return_code', 'year', 'indicator_id']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
