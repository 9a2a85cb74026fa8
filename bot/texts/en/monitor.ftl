# The view of the pipeline in a terminal, and what its watchdog says.

error-consumer-stuck = { $group } has not moved for { $seconds } seconds while { $frames } messages wait, so this process ends. Start it again; it goes on where it stopped.
