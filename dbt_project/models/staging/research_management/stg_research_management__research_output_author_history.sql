-- Grain: one version of output_no、author_order, valid from <= moment < to.
with source as (

    {{ row_spans(source('research_management', 'research_output_author'), ['output_no', 'author_order']) }}

),

renamed as (

    select
        -- ids
        output_no,
        author_order,
        staff_no,
        student_no,
        -- text
        author_name,
        role,
        {{ label('role', 'research_role') }} as role_label,
        -- booleans
        is_corresponding,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
