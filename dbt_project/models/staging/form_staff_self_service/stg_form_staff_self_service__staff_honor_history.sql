-- Grain: one version of record_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_staff_self_service', 'staff_honor'), ['record_no']) }}

),

renamed as (

    select
        -- ids
        record_no,
        staff_no,
        -- text
        honor_name,
        award_class,
        {{ label('award_class', 'staff_award_class') }} as award_class_label,
        level,
        {{ label('level', 'level') }} as level_label,
        grade,
        {{ label('grade', 'award_grade') }} as grade_label,
        awarding_body,
        -- dates
        award_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
