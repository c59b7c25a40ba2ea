{#-
    Which personal tables and columns hold each item of annexes 3 and 4. This is the one list: what a page
    shows, what the item table counts and what it names as holders all come from here. The first column
    decides whether a person holds the item; `due` says whether every person of the kind should have it
    (a status change or a loan is nobody's duty, so no coverage is measured).
-#}
{% macro item_holders() %}
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
        {'item': 'A4-13', 'due': true, 'tables': [
            {'table': 'fee_bill', 'columns': ['bill_no', 'academic_year', 'fee_item', 'due_amount', 'paid_amount', 'outstanding_amount', 'fee_status']},
            {'table': 'fee_payment', 'columns': ['payment_no', 'paid_at', 'amount', 'channel', 'invoice_no']}]},
        {'item': 'A4-20', 'due': true, 'tables': [{'table': 'student', 'columns': ['student_no', 'name', 'student_category', 'college_name', 'major_name', 'class_code', 'current_status', 'register_status']}]},
        {'item': 'A4-21', 'due': false, 'tables': [{'table': 'student_status_change', 'columns': ['change_type', 'change_reason', 'effective_date']}]},
        {'item': 'A4-22', 'due': true, 'tables': [{'table': 'course_selection', 'columns': ['class_no', 'course_name', 'selected_at']}]},
        {'item': 'A4-23', 'due': true, 'tables': [{'table': 'course_grade', 'columns': ['class_no', 'total_score', 'grade_label', 'grade_point', 'credits_earned', 'passed']}]},
        {'item': 'A4-25', 'due': false, 'tables': [{'table': 'library_loan', 'columns': ['loan_id', 'title', 'borrowed_at', 'returned_at']}]},
    ]) }}
{% endmacro %}

{#- Where each personal table comes from: the landed table that its rows are. -#}
{% macro personal_sources() %}
    {{ return([
        {'table': 'person', 'source': 'hr_management', 'landed': 'staff_basic', 'items': ['A3-01', 'A3-02']},
        {'table': 'person_number', 'source': 'hr_management', 'landed': 'staff_basic', 'items': ['A3-01']},
        {'table': 'student', 'source': 'student_affairs', 'landed': 'student_status'},
        {'table': 'student_status_change', 'source': 'student_affairs', 'landed': 'student_status_change'},
        {'table': 'course_selection', 'source': 'academic_affairs', 'landed': 'course_selection'},
        {'table': 'course_grade', 'source': 'academic_affairs', 'landed': 'course_grade'},
        {'table': 'term_summary', 'source': 'academic_affairs', 'landed': 'course_grade', 'items': ['A4-23']},
        {'table': 'library_loan', 'source': 'library_management', 'landed': 'library_loan'},
        {'table': 'meal_day', 'source': 'student_meal_card', 'landed': 'meal_transaction'},
        {'table': 'meal_transaction', 'source': 'student_meal_card', 'landed': 'meal_transaction'},
        {'table': 'meal_account', 'source': 'student_meal_card', 'landed': 'meal_account'},
        {'table': 'fee_bill', 'source': 'tuition_collection', 'landed': 'fee_bill'},
        {'table': 'fee_payment', 'source': 'tuition_collection', 'landed': 'fee_payment'},
        {'table': 'staff', 'source': 'hr_management', 'landed': 'staff_basic'},
        {'table': 'staff_position', 'source': 'hr_management', 'landed': 'staff_position_record'},
        {'table': 'teaching', 'source': 'academic_affairs', 'landed': 'teaching_class', 'items': []},
    ]) }}
{% endmacro %}
