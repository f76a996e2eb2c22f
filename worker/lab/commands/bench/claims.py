"""`crispdeck bench claims`: how the queue scales, on a PostgreSQL database of its own."""

import click

from crispdeck.errors import SettingsError


@click.command
@click.option("--database", required=True, help="URL of an empty PostgreSQL database; filled anew.")
@click.option("--claimers", default="1,4,16,64", show_default=True, help="Numbers of processes.")
@click.option("--limit", default=8, show_default=True, help="Pictures in one claim at most.")
@click.option("--seconds", default=10.0, show_default=True, help="Length of each race.")
@click.option("--pictures", default=100_000, show_default=True, help="Pictures that wait.")
@click.option("--workers", default=0, show_default=True, help="Simulate so many workers instead.")
@click.option("--work", "work_s", default=10.0, show_default=True, help="Mean seconds of work.")
@click.option("--at-depth", default=0, help="Time single claims with so many pictures instead.")
def claims(
    database: str,
    claimers: str,
    limit: int,
    seconds: float,
    pictures: int,
    workers: int,
    work_s: float,
    at_depth: int,
) -> None:
    """Race claimers in the old way and the new, simulate many workers, or time a deep queue.

    Everything in the database is deleted.
    """
    from worker.lab.bench.claims.depth import at_depth as time_at_depth
    from worker.lab.bench.claims.racing import races
    from worker.lab.bench.claims.simulating import simulate

    if not database.startswith("postgres"):
        raise SettingsError("The claims are measured on PostgreSQL.")
    if workers:
        click.echo(simulate(database, workers=workers, seconds=seconds, work_s=work_s).sentence())
        return
    if at_depth:
        for line in time_at_depth(database, pictures=at_depth):
            click.echo(line)
        return
    numbers = [int(word) for word in claimers.split(",")]
    click.echo(
        "| claimers | way | pictures/s | claim p50 | p95 | p99 |\n|---:|---|---:|---:|---:|---:|"
    )
    for one in races(database, claimers=numbers, limit=limit, seconds=seconds, pictures=pictures):
        times = " | ".join(f"{one.quantile_ms(share):.1f} ms" for share in (0.5, 0.95, 0.99))
        click.echo(f"| {one.claimers} | {one.way} | {one.rate:.0f} | {times} |")
