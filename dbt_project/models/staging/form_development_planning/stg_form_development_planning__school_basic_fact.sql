with source as (

    {{ latest_rows(source('form_development_planning', 'school_basic_fact'), ['fact_code', 'year']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
