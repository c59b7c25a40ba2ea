-- Grain: one version of activity_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_labor_union', 'union_activity'), ['activity_no']) }}

),

renamed as (

    select
        -- ids
        activity_no,
        -- text
        activity_name,
        -- numbers
        participants,
        cost,
        -- dates
        activity_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
