"""What holds in a group or server: its settings, who may do what there, and its price feeds."""
