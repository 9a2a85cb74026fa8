"""Jobs on models: nightly training and monitoring."""
