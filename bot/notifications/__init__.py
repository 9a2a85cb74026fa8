"""Notifications: from the transactional outbox to the chats that users chose."""
