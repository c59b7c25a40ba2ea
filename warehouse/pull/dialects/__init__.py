"""What differs between the databases that a college's systems keep their data in."""

from warehouse.pull.dialects.dialect import Described, Dialect, Failure
from warehouse.pull.dialects.mssql import MSSQL
from warehouse.pull.dialects.mysql import MARIADB, MYSQL
from warehouse.pull.dialects.oracle import ORACLE
from warehouse.pull.dialects.postgresql import POSTGRESQL

__all__ = ["DIALECTS", "Described", "Dialect", "Failure"]

DIALECTS = {dialect.name: dialect for dialect in (POSTGRESQL, MYSQL, MARIADB, ORACLE, MSSQL)}
