"""What those who run the desk may do: look after it, halt it, write to everyone, ban; and the log of all that."""
