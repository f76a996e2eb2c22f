"""`crispdeck doctor`: does everything agree, and mend what does not."""

import json

import click

from crispdeck.cli.console import results
from crispdeck.cli.exits import Exit
from crispdeck.settings import Settings

SHOWN = 5
"""Findings of one kind that are named; --json names all."""


@click.command()
@click.option("--repair", is_flag=True, help="Repair what can be repaired.")
@click.option("--quick", is_flag=True, help="Compare sizes only; read no object.")
@click.option("--json", "as_json", is_flag=True, help="Print every finding, for programs.")
def command(repair: bool, quick: bool, as_json: bool) -> Exit:
    """Compare the rows, the objects and the sums of this installation, at work or not.

    Finds objects without rows (older than an hour), rows without objects, objects that are not
    what was stored, rows of workers long gone, jobs whose counts are wrong or that stand still.
    Ends with 1 if something is wrong that was not repaired.
    """
    from crispdeck.services.doctor import examine
    from crispdeck.services.platform import Platform

    platform = Platform(Settings.from_env())
    platform.db.ping()
    report = examine(platform, repair=repair, quick=quick)
    if as_json:
        found = [
            {"problem": each.problem.value, "what": each.what, "repaired": each.repaired}
            for each in report.findings
        ]
        document = {"objects": report.objects, "rows": report.rows, "findings": found}
        click.echo(json.dumps(document, indent=2))
        return Exit.DONE if report.is_well else Exit.FAILED
    for problem, findings in report.by_problem().items():
        repaired = sum(finding.repaired for finding in findings)
        results().print(f"{len(findings)} × {problem.value}, {repaired} repaired", markup=False)
        for finding in findings[:SHOWN]:
            results().print(f"    {finding.what}", markup=False)
        if len(findings) > SHOWN:
            results().print(f"    and {len(findings) - SHOWN} more", markup=False)
    checked = "sizes" if quick else "contents"
    verdict = "all is well" if not report.findings else "that is all"
    results().print(
        f"{report.objects} objects, {report.rows} rows with one, {checked} compared: {verdict}.",
        markup=False,
    )
    return Exit.DONE if report.is_well else Exit.FAILED
