-- Grain: one version of student_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_graduate_employment', 'graduate_destination'), ['student_no']) }}

),

renamed as (

    select
        -- ids
        student_no,
        -- text
        destination,
        {{ label('destination', 'graduation_destination') }} as destination_label,
        destination_class,
        employer,
        employer_place,
        {{ label('employer_place', 'administrative_division') }} as employer_place_label,
        industry,
        {{ label('industry', 'industry') }} as industry_label,
        -- numbers
        graduation_year,
        -- booleans
        major_match as is_major_match,
        -- dates
        reported_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
