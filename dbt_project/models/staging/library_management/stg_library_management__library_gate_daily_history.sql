-- Grain: one version of reader_no、visit_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('library_management', 'library_gate_daily'), ['reader_no', 'visit_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
