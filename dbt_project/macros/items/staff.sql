{#- Annex 3: see holders.sql. -#}
{% macro staff_item_holders() %}
    {{ return([
        {'item': 'A3-01', 'due': true, 'tables': [{'table': 'staff', 'columns': ['staff_no']}]},
        {'item': 'A3-02', 'due': true, 'tables': [{'table': 'staff', 'columns': ['name']}]},
        {'item': 'A3-03', 'due': true, 'tables': [{'table': 'staff', 'columns': ['sex']}]},
        {'item': 'A3-04', 'due': true, 'tables': [{'table': 'staff', 'columns': ['birth_date']}]},
        {'item': 'A3-05', 'due': true, 'tables': [{'table': 'staff', 'columns': ['id_card_no', 'id_document_type']}]},
        {'item': 'A3-06', 'due': true, 'tables': [{'table': 'staff', 'columns': ['work_start_date']}]},
        {'item': 'A3-07', 'due': true, 'tables': [{'table': 'staff', 'columns': ['ethnicity']}]},
        {'item': 'A3-08', 'due': true, 'tables': [{'table': 'staff', 'columns': ['native_place']}]},
        {'item': 'A3-09', 'due': true, 'tables': [{'table': 'staff', 'columns': ['personnel_relation_type']}]},
        {'item': 'A3-10', 'due': true, 'tables': [{'table': 'staff', 'columns': ['on_post_status']}]},
        {'item': 'A3-11', 'due': true, 'tables': [{'table': 'staff', 'columns': ['joined_school_date']}]},
        {'item': 'A3-12', 'due': true, 'tables': [{'table': 'staff_position', 'columns': ['unit_name']}]},
        {'item': 'A3-13', 'due': true, 'tables': [{'table': 'staff_position', 'columns': ['establishment_type']}]},
        {'item': 'A3-16', 'due': true, 'tables': [{'table': 'staff_position', 'columns': ['position_name', 'position_grade', 'position_type']}]},
        {'item': 'A3-26', 'due': true, 'tables': [{'table': 'staff', 'columns': ['teaching_start_month']}]},
        {'item': 'A3-33', 'due': false, 'tables': [{'table': 'staff_position', 'columns': ['effective_date', 'end_date', 'document_no', 'document_date']}]},
    ]) }}
{% endmacro %}

{% macro staff_sources() %}
    {{ return([
        {'table': 'person', 'source': 'hr_management', 'landed': 'staff_basic', 'items': ['A3-01', 'A3-02']},
        {'table': 'person_number', 'source': 'hr_management', 'landed': 'staff_basic', 'items': ['A3-01']},
        {'table': 'staff', 'source': 'hr_management', 'landed': 'staff_basic'},
        {'table': 'staff_position', 'source': 'hr_management', 'landed': 'staff_position_record'},
        {'table': 'teaching', 'source': 'academic_affairs', 'landed': 'teaching_class', 'items': []},
    ]) }}
{% endmacro %}
