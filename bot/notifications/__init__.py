"""What the desk says unasked: from the transactional outbox to the chats people chose."""
