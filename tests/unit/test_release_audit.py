"""What stops a candidate."""

from types import SimpleNamespace

import pytest

from warehouse.authority import load_authority
from warehouse.release.audience import Audience, audiences
from warehouse.release.audit import checks_of, judge_checks, judge_tables
from warehouse.release.contents import PublishedTable
from warehouse.release.models import BuiltModels, facts_of, table_facts


def node(**changes):
    base = {
        "name": "rows_agree",
        "kind": "test",
        "status": "success",
        "severity": "error",
        "failures": 0,
        "message": None,
        "description": None,
        "attached_model": "personal__fee_bill",
    }
    return SimpleNamespace(**(base | changes))


def judged(*nodes):
    return judge_checks(checks_of(nodes, lambda model: "财务处"))


def table(name, rows=1, columns=("id",), target="main"):
    shape = tuple((column, "VARCHAR") for column in columns)
    return PublishedTable("statistics", target, name, shape, (), rows, "hash")


def test_good_and_warning_checks_pass():
    assert judged(node(), node(status="warn", severity="warn", failures=4)) == []


@pytest.mark.parametrize("kind", ["test", "unit_test", "model", "seed"])
@pytest.mark.parametrize("status", ["fail", "error"])
def test_anything_that_failed_stops_publication(kind, status):
    problems = judged(node(), node(kind=kind, status=status, name="broken"))
    assert len(problems) == 1
    assert "broken" in problems[0]


def test_problem_names_check_model_rows_and_responsible_unit():
    broken = node(status="fail", failures=3, description="paid + outstanding = billed.")
    assert judged(broken) == [
        "check rows_agree of personal__fee_bill: 3 row(s). paid + outstanding = billed. "
        "Responsible: 财务处."
    ]
    broken.message = "paid_agrees: 2 row(s); due_agrees: 1 row(s)"
    assert "of personal__fee_bill: paid_agrees: 2 row(s); due_agrees" in judged(broken)[0]


def test_skipped_nodes_are_not_listed_beside_their_cause():
    assert len(judged(node(status="error"), node(status="skipped", name="after"))) == 1


def test_skipped_without_a_cause_stops_publication_too():
    assert judged(node(status="skipped")) == ["check rows_agree was skipped"]


def test_required_table_must_be_there_and_hold_rows():
    audience = Audience("statistics", {"statistics": "main"}, ("indicator", "indicator_value"))
    assert judge_tables(audience, [table("indicator", rows=0)]) == [
        "statistics.indicator is empty",
        "statistics.indicator_value is missing",
    ]


@pytest.mark.parametrize("name", ["public", "statistics"])
def test_statistics_with_a_column_that_names_people_are_refused(name):
    audience = Audience(name, {"statistics": "main"}, nameless=frozenset({"main"}))
    for column in ("student_no", "person_key", "id_card_hash", "net_pay"):
        assert judge_tables(audience, [table("t", columns=("id", column))]) == [
            f"{name}.t has the column {column}, which names people"
        ]
    personal = Audience("personal", {"personal": "main"})
    assert judge_tables(personal, [table("t", columns=("person_key",))]) == []


def test_the_audiences_that_name_nobody_are_the_figures_and_the_schemas_of_statistics():
    by_name = {audience.name: audience for audience in audiences()}
    assert by_name["public"].nameless == by_name["statistics"].nameless == {"main"}
    assert by_name["personal"].nameless == frozenset()
    assert len(by_name["authority"].nameless) == 8
    refused = table("room", columns=("keeper_staff_no",), target="school_property_statistics")
    assert len(judge_tables(by_name["authority"], [refused])) == 1


def test_an_id_number_outside_its_one_table_is_refused():
    authority = Audience("authority", {"d": "d"})
    whole = table("staff_basic", columns=("id_card_no",), target="staff_basic_data")
    assert judge_tables(authority, [whole]) == []
    [problem] = judge_tables(authority, [table("t", columns=("id_card_no",), target="d")])
    assert "authority.d.t has the column id_card_no" in problem and "hash" in problem


def test_facts_come_from_the_models_meta_with_the_units_name():
    manifest = {
        "nodes": {
            "model.campus.personal__fee_bill": {
                "resource_type": "model",
                "name": "personal__fee_bill",
                "schema": "personal",
                "alias": "fee_bill",
                "config": {"meta": {"sort": ["person_key", "bill_no"], "owner": "finance_office"}},
            },
            "test.campus.x": {"resource_type": "test", "name": "x", "schema": "s"},
        }
    }
    facts = facts_of(manifest, load_authority())
    assert list(facts) == ["personal__fee_bill"]
    fact = facts["personal__fee_bill"]
    assert (fact.schema, fact.table) == ("personal", "fee_bill")
    assert fact.sort == ("person_key", "bill_no")
    assert fact.owner == "财务处"


def test_a_manifest_says_who_answers_for_a_table_and_how_fresh_its_sources_are():
    def model(schema, alias, depends_on, **meta):
        return {
            "resource_type": "model",
            "name": f"{schema}__{alias}",
            "schema": schema,
            "alias": alias,
            "meta": meta,
            "depends_on": depends_on,
        }

    manifest = {
        "nodes": {
            "model.campus.a": model(
                "student_finance_data",
                "fee_bill",
                ["model.campus.stg"],
                owner="finance_office",
                level="L3",
                subject="student_no",
                cadence="daily",
                source="tuition_collection.fee_bill",
            ),
            "model.campus.b": model("personal", "fee_bill", ["model.campus.stg"]),
            "model.campus.stg": {
                "resource_type": "model",
                "name": "stg",
                "schema": "staging",
                "depends_on": [
                    "source.campus.tuition_collection.fee_bill",
                    "source.campus.admissions.admission_plan",
                    "source.campus.hub.identity_key",
                ],
            },
        }
    }
    built = BuiltModels([], {}, facts_of(manifest, load_authority()))
    batches = [
        {"source": "tuition_collection", "table": "fee_bill", "extracted_at": moment}
        for moment in ("2026-11-01T00:00:00+00:00", "2026-11-20T00:00:00+00:00")
    ]
    by_name = {audience.name: audience for audience in audiences()}
    assert table_facts(built, by_name["authority"], batches) == {
        "student_finance_data.fee_bill": {
            "owner": "财务处",
            "level": "L3",
            "subject": "student_no",
            "cadence": "daily",
            "sources": ["tuition_collection.fee_bill"],
            "as_of": "2026-11-20T00:00:00+00:00",
        }
    }
    personal = table_facts(built, by_name["personal"], [])["fee_bill"]
    assert personal["sources"] == ["admissions.admission_plan", "tuition_collection.fee_bill"]
    assert personal["as_of"] is None and personal["owner"] is None
