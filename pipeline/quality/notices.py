"""Notifications of data quality, for operators."""

import msgspec

from pipeline.quality.daily_summary import DailyQuality


class QualityFound(msgspec.Struct, frozen=True, tag_field="kind", tag="quality"):
    """Quality of a day's data, for operators."""

    day: DailyQuality
