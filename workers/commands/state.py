"""How everything stands, and whether it works."""

import click

from workers.commands.arguments import read_settings
from workers.status import read_status
from workers.workshop import open_workshop


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(*, as_json: bool) -> None:
    """Show how many commits wait, and what the model costs today."""
    with open_workshop(read_settings()) as shop:
        found = read_status(shop, shop.now())
    click.echo(found.model_dump_json(indent=2) if as_json else found.text())


@click.command()
def doctor() -> None:
    """Check every part and say how to mend what fails."""
    from workers.doctor import examine  # noqa: PLC0415 - loads litellm

    findings = list(examine(read_settings()))
    for finding in findings:
        click.echo(finding.text())
    if any(finding.state == "FAIL" for finding in findings):
        raise SystemExit(1)
