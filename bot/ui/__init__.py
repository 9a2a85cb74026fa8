"""What every platform shows: texts, formatted values and charts."""
