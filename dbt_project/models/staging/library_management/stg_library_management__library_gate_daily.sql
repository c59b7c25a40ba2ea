with source as (

    {{ latest_of_many_rows(source('library_management', 'library_gate_daily'), ['reader_no', 'visit_date']) }}

),

renamed as (

    select
        -- ids
        reader_no,
        -- numbers
        entries,
        minutes,
        -- dates
        visit_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
