"""The pages of the site: their addresses, the gateway's names for them, icons and order.

The gateway alone says which of them a person may open. An address never changes, whatever the
roles: a link that one person sends is the same for the next, who may be refused it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.topics import TOPICS

__all__ = ["PAGES", "PUBLIC", "SitePage", "by_address", "landing"]


@dataclass(frozen=True)
class SitePage:
    """`allowed_by` is the page name in the gateway's answer; None: open to anybody.

    `group` gathers pages under one heading of the navigation.
    """

    address: str
    file: str
    text: str
    icon: str
    allowed_by: str | None
    group: str | None = None
    short: str | None = None
    listed: bool = True
    "Whether the navigation shows it; others are reached from a page."

    @property
    def key(self) -> str:
        return self.address


#: The topics of the statistics, one file for all: what each shows is defined in `topics`.
_TOPIC_PAGES = tuple(
    SitePage(
        topic.address,
        "topic.py",
        f"page.{topic.address}",
        topic.icon,
        topic.allowed_by,
        "page.topics",
    )
    for topic in TOPICS.values()
)
PAGES: tuple[SitePage, ...] = (
    SitePage(
        "statistics",
        "statistics.py",
        "page.statistics",
        ":material/monitoring:",
        "overview_statistics",
        short="bar.statistics",
    ),
    *_TOPIC_PAGES,
    SitePage(
        "overview",
        "my_overview.py",
        "page.overview",
        ":material/person:",
        "my_overview",
        "page.me",
        short="bar.me",
    ),
    SitePage("study", "my_study.py", "page.study", ":material/school:", "my_study", "page.me"),
    SitePage("work", "my_work.py", "page.work", ":material/work:", "my_work", "page.me"),
    SitePage("life", "my_life.py", "page.life", ":material/local_cafe:", "my_life", "page.me"),
    SitePage("basics", "my_basics.py", "page.basics", ":material/badge:", "my_basics", "page.me"),
    SitePage(
        "wellbeing",
        "my_care.py",
        "page.my_care",
        ":material/psychiatry:",
        "my_care",
        "page.me",
    ),
    SitePage("uses", "my_uses.py", "page.uses", ":material/history:", "my_uses", "page.me"),
    SitePage("tickets", "tickets.py", "page.tickets", ":material/flag:", "my_tickets", "page.me"),
    SitePage(
        "protection",
        "my_protection.py",
        "page.my_protection",
        ":material/shield_person:",
        "my_protection",
        "page.me",
    ),
    SitePage(
        "kept",
        "my_kept.py",
        "page.my_kept",
        ":material/inventory_2:",
        "my_kept",
        "page.me",
    ),
    SitePage("care", "care.py", "page.care", ":material/diversity_1:", "care"),
    SitePage(
        "downloads",
        "my_downloads.py",
        "page.downloads",
        ":material/download:",
        "my_downloads",
        "page.me",
    ),
    SitePage(
        "applications",
        "my_applications.py",
        "page.applications",
        ":material/folder_shared:",
        "my_applications",
    ),
    SitePage(
        "apply",
        "application_form.py",
        "page.apply",
        ":material/edit_document:",
        "application_form",
        listed=False,
    ),
    SitePage(
        "inbox",
        "inbox.py",
        "page.inbox",
        ":material/approval:",
        "inbox",
        short="bar.inbox",
    ),
    SitePage(
        "signing",
        "signing.py",
        "page.signing",
        ":material/draw:",
        "figures_sign",
        short="page.signing",
    ),
    SitePage(
        "issues", "issues.py", "page.issues", ":material/report:", "issues", short="bar.issues"
    ),
    SitePage("hand-in", "hand_in.py", "page.hand_in", ":material/upload_file:", "hand_in"),
    SitePage("query", "query.py", "page.sql", ":material/terminal:", "sql_bench"),
    SitePage(
        "governance",
        "governance.py",
        "page.governance",
        ":material/gavel:",
        "governance_desk",
    ),
    SitePage("audit", "audit.py", "page.audit", ":material/policy:", "audit_log"),
    SitePage("units", "units.py", "page.units", ":material/account_tree:", "units"),
    SitePage(
        "public",
        "public.py",
        "page.public",
        ":material/public:",
        None,
        short="bar.public",
    ),
)
PUBLIC = PAGES[-1]


def by_address(address: str) -> SitePage:
    """The page at an address; `KeyError` for an unknown one."""
    for page in PAGES:
        if page.address == address:
            return page
    raise KeyError(address)


def landing(allowed: frozenset[str]) -> SitePage:
    """Where a person begins: leaders at the statistics, everybody else at their own data, and
    whoever may open neither at the public figures."""
    for page in PAGES:
        if page.allowed_by in allowed and page.address in ("statistics", "overview"):
            return page
    return PUBLIC
