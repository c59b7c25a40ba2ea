-- Grain: one version of fact_code、year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_development_planning', 'school_basic_fact'), ['fact_code', 'year']) }}

),

renamed as (

    select
        -- ids
        fact_code,
        year,
        -- text
        fact_name,
        value,
        remark,
        -- dates
        as_at_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
