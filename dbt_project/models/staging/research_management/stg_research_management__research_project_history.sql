-- Grain: one version of project_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('research_management', 'research_project'), ['project_no']) }}

),

renamed as (

    select
        -- ids
        project_no,
        leader_staff_no,
        unit_code,
        approval_no,
        -- text
        project_name,
        project_nature,
        project_source,
        {{ label('project_source', 'project_source') }} as project_source_label,
        project_level,
        {{ label('project_level', 'level') }} as project_level_label,
        rd_activity_type,
        {{ label('rd_activity_type', 'rd_activity_type') }} as rd_activity_type_label,
        discipline,
        {{ label('discipline', 'discipline_level1') }} as discipline_label,
        status,
        {{ label('status', 'project_status') }} as status_label,
        -- numbers
        contract_amount,
        -- dates
        approved_date,
        end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
