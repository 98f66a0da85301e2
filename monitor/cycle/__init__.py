"""The shell: poll, assess, group, measure, keep. The only room that does everything."""
