"""Message to operators about a model that no longer fits its market. Pure."""

from bot.reply import Reply, Text, Tone
from bot.ui.texts import Catalog
from ml.monitoring.notices import DriftFound


def drift_reply(found: DriftFound, catalog: Catalog) -> Reply:
    """Returns a title, and the observed drift."""
    details = {"what": found.what, "amount": f"{found.amount:.3g}", "bound": f"{found.bound:.3g}"}
    said = catalog.text(f"drift-{found.sign}", horizon=found.horizon, version=found.version, **details)
    return Reply((Text(catalog.text("drift-title"), Tone.TITLE), Text(said)))
