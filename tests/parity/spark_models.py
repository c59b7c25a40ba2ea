"""Builds models of the dbt project on a local Spark: `python spark_models.py ORDER.json`.

The order names the project, a work folder, the landed files by source and table, the models wanted
and dbt's variables. What was built is written as Parquet into `out/<model>/`. A process of its
own, since a Spark session lives as long as its process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

#: DuckDB's types as the contracts name them → Spark's.
_TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "INTEGER": "INT"}


def open_session(work: Path) -> SparkSession:
    """A session that keeps all it writes below `work` and speaks to nobody."""
    return (
        SparkSession.builder.master("local[2]")
        .appName("campus-parity")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.catalogImplementation", "in-memory")
        .config("spark.sql.warehouse.dir", str(work / "spark"))
        .config("spark.local.dir", str(work / "local"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.adaptive.enabled", "true")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )


def land(spark: SparkSession, sources: dict[str, dict[str, Any]]) -> None:
    """A view for each landed table: its columns typed, batch_id from the folder of each file."""
    for source, tables in sources.items():
        spark.sql(f"create database if not exists `{source}`")
        for table, landed in tables.items():
            columns = {
                name: _TYPES.get(kind.upper(), kind) for name, kind in landed["columns"].items()
            }
            if landed["files"]:
                frame = spark.read.option("mergeSchema", "true").parquet(*landed["files"])
                present = set(frame.columns)
                batch = "regexp_extract(_metadata.file_path, '/batch=([0-9a-f]+)/', 1)"
            else:
                frame = spark.sql("select cast(null as bigint) as batch_row").limit(0)
                present, batch = set(), "cast(null as string)"
            listed = [
                f"cast({f'`{name}`' if name in present else 'null'} as {kind}) as `{name}`"
                for name, kind in columns.items()
            ]
            rows = frame.selectExpr(*listed, f"{batch} as batch_id", "batch_row")
            rows.write.mode("overwrite").saveAsTable(f"`{source}`.`{table}`")


def build(order: dict[str, Any]) -> None:
    work = Path(order["work"])
    spark = open_session(work)
    land(spark, order["sources"])
    profiles = work / "profiles"
    profiles.mkdir(parents=True, exist_ok=True)
    target = {"type": "spark", "method": "session", "host": "NA", "schema": "main", "threads": 1}
    profile = {"campus": {"target": "spark", "outputs": {"spark": target}}}
    (profiles / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    arguments = [
        *("--project-dir", order["project"]),
        *("--profiles-dir", str(profiles)),
        *("--target-path", str(work / "target")),
        *("--log-path", str(work / "log")),
        *("--vars", json.dumps(order["variables"], ensure_ascii=False)),
    ]
    result = dbtRunner().invoke(
        [
            "build",
            *arguments,
            *("--select", *order["select"]),
            *("--exclude-resource-type", "unit_test"),
            *("--exclude-resource-type", "test"),
        ]
    )
    if result.exception is not None:
        raise result.exception
    failed = [
        f"{one.node.name}: {one.message}"
        for one in result.result.results
        if str(one.status) != "success"
    ]
    if failed:
        raise SystemExit("\n".join(failed))
    schemas = {one.node.name: (one.node.schema, one.node.alias) for one in result.result.results}
    for model in order["compared"]:
        schema, alias = schemas[model]
        frame = spark.table(f"`{schema}`.`{alias}`")
        frame.coalesce(1).write.mode("overwrite").parquet(str(work / "out" / model))
    spark.stop()


if __name__ == "__main__":
    build(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
