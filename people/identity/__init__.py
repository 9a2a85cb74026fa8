"""Who a person is over the platforms: linking by a one-time code, parting, the export, and being forgotten."""
