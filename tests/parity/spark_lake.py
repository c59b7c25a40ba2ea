"""The sources of the models for Spark: the same lake files, and copies of what the hub gives."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.contracts.model import Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest.landed import landed_columns

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["copy_tables", "lay_out_landed", "open_spark"]

#: What a Spark must be told so that the models mean the same on it: moments bear no zone, and a
#: wrong cast is an error.
MEANING = {
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
}


def open_spark(folder: Path) -> SparkSession:
    """A Spark of this process alone; its tables lie as Parquet in `folder`/<schema>.db/<table>."""
    from pyspark.sql import SparkSession

    running = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.local.dir": str(folder / "spill"),
        "spark.log.level": "ERROR",
        "spark.sql.catalogImplementation": "in-memory",
        # A small college: planning and compiling take longer than running.
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local[2]").appName("parity")
    for name, value in (running | MEANING).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def lay_out_landed(
    spark: SparkSession, tables: Iterable[Table], files: Mapping[tuple[str, str], list[Path]]
) -> None:
    """Make `<source>`.`<table>` from the lake, as warehouse.ingest.landed does for DuckDB.

    A file that landed whole has no batch_row: there a row's number is its place in the file.
    """
    for table in tables:
        spark.sql(f"create schema if not exists `{table.source}`")
        paths = [str(path) for path in files[table.source, table.name]]
        # Found one by one, files have no partition: batch=<id> would be one, some ids numbers.
        lake = spark.read.options(mergeSchema=True, recursiveFileLookup=True).parquet(*paths)
        landed = lake.selectExpr(
            *(f"`{name}`" for name in landed_columns(table)),
            "regexp_extract(_metadata.file_path, '/batch=([0-9a-f]+)/', 1) as batch_id",
            "coalesce(batch_row, _metadata.row_index + 1) as batch_row",
        )
        landed.write.saveAsTable(f"`{table.source}`.`{table.name}`")


def copy_tables(
    spark: SparkSession, connection: Connection, schemas: Iterable[str], folder: Path
) -> None:
    """Copy all tables of `schemas` from a DuckDB file.

    The seeds too, because dbt-spark's session writes a null of a seed as the text 'None'.
    """
    for schema in schemas:
        spark.sql(f"create schema if not exists `{schema}`")
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = ? "
            "and table_type = 'BASE TABLE' order by table_name",
            [schema],
        ).fetchall()
        for (name,) in names:
            file = folder / f"{schema}.{name}.parquet"
            connection.execute(
                f"copy {quote(schema)}.{quote(name)} to {quote_text(file)} (format parquet)"
            )
            spark.read.parquet(str(file)).write.saveAsTable(f"`{schema}`.`{name}`")
            file.unlink()
